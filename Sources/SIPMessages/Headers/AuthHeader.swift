/// A challenge or credentials: a scheme and its parameters (RFC 3261 §20.7, §20.27, §20.28, §20.44; RFC 7616 §3.3, §3.4).
///
/// Commas part the parameters here, not values: each challenge or set of credentials has a header field of its own
/// (RFC 3261 §7.3.1).
package struct AuthHeader: Hashable, Sendable {
    /// `Digest`; compared without regard to case.
    package var scheme: String
    package var parameters: Parameters
    /// What a scheme without parameters carries; nil when there are parameters.
    package var opaque: String?

    package init(scheme: String = "Digest", parameters: Parameters = Parameters()) {
        self.scheme = scheme
        self.parameters = parameters
    }

    package var isDigest: Bool { ASCII.equalIgnoringCase(scheme, "Digest") }

    /// The value of a parameter without its quotes; nil when it is not there.
    package subscript(_ name: String) -> String? { parameters[name] }

    /// Adds `name="value"`.
    package mutating func setQuoted(_ name: String, _ value: String) {
        parameters.set(name, QuotedString.quoted(value))
    }

    /// Adds `name=value`.
    package mutating func set(_ name: String, _ token: String) { parameters.set(name, token) }

    /// As the header field's value is written. It holds secrets of a kind, so it is no `description`.
    package var text: String {
        let list = parameters.list.map { parameter in "\(parameter.name)=\(parameter.text ?? "")" }
        return scheme + " " + (opaque ?? list.joined(separator: ", "))
    }

    package init(_ text: HeaderText, of header: HeaderName = .authorization) throws(SIPParseError) {
        var cursor = HeaderCursor(text)
        guard let scheme = cursor.token() else { throw .malformed(header) }
        self.init(scheme: scheme)
        cursor.skipWhitespace()
        let start = cursor.position
        if let list = Self.parameters(&cursor) {
            parameters = list
        } else if isDigest {
            throw .malformed(header)
        } else {
            // A scheme that nobody here knows may be followed by anything (RFC 4475 §3.3.7).
            opaque = HeaderText(text.bytes[start...]).string
        }
    }

    /// auth-param *( COMMA auth-param ); nil when it is something else.
    private static func parameters(_ cursor: inout HeaderCursor) -> Parameters? {
        var parameters = Parameters()
        while !cursor.isAtEnd {
            guard parameters.list.count < MessageLimits.parameters, let name = cursor.token(),
                cursor.takeSeparator(UInt8(ascii: "=")), cursor.peek != UInt8(ascii: "="),
                let value = Parameters.value(&cursor)
            else { return nil }
            parameters.list.append(.init(name: name, text: value))
            cursor.skipWhitespace()
            guard !cursor.isAtEnd else { break }
            guard cursor.take(UInt8(ascii: ",")) else { return nil }
            while let byte = cursor.peek, ASCII.isWhitespace(byte) || byte == UInt8(ascii: ",") { cursor.position += 1 }
        }
        return parameters
    }
}

extension SIPMessage {
    /// Credentials for a user agent server or registrar.
    package var authorization: [AuthHeader] { get throws(SIPParseError) { try authHeaders(.authorization) } }

    /// Credentials for a proxy.
    package var proxyAuthorization: [AuthHeader] { get throws(SIPParseError) { try authHeaders(.proxyAuthorization) } }

    /// Challenges of a 401.
    package var wwwAuthenticate: [AuthHeader] { get throws(SIPParseError) { try authHeaders(.wwwAuthenticate) } }

    /// Challenges of a 407.
    package var proxyAuthenticate: [AuthHeader] { get throws(SIPParseError) { try authHeaders(.proxyAuthenticate) } }

    private func authHeaders(_ name: HeaderName) throws(SIPParseError) -> [AuthHeader] {
        var found: [AuthHeader] = []
        for text in values(name) { found.append(try AuthHeader(text, of: name)) }
        return found
    }
}
