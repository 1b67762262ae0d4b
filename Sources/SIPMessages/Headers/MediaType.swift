/// media-type = m-type SLASH m-subtype *( SEMI m-parameter ) (RFC 3261 §20.15), or a range of them with `*`
/// (RFC 3261 §20.1).
package struct MediaType: Hashable, Sendable, CustomStringConvertible {
    /// In lower case.
    package var type: String
    /// In lower case.
    package var subtype: String
    package var parameters: Parameters

    package init(_ type: String, _ subtype: String, parameters: Parameters = Parameters()) {
        self.type = type.lowercased()
        self.subtype = subtype.lowercased()
        self.parameters = parameters
    }

    package init(_ text: HeaderText, of header: HeaderName = .contentType) throws(SIPParseError) {
        var cursor = HeaderCursor(text)
        guard let type = cursor.token(), cursor.takeSeparator(UInt8(ascii: "/")), let subtype = cursor.token() else {
            throw .malformed(header)
        }
        self.init(type, subtype, parameters: try Parameters(reading: &cursor, of: header))
        guard cursor.isAtEnd else { throw .malformed(header) }
    }

    /// `type/subtype` in lower case, without parameters.
    package var essence: String { "\(type)/\(subtype)" }

    /// Preference in thousandths; 1000 when it is not stated.
    package var q: Int { parameters["q"].flatMap(ContactHeader.qvalue) ?? 1000 }

    /// Whether this range covers a type, `*` standing for anything.
    package func accepts(_ other: MediaType) -> Bool {
        (type == "*" || type == other.type) && (subtype == "*" || subtype == other.subtype)
    }

    package var description: String { "\(type)/\(subtype)\(parameters)" }
}

extension SIPMessage {
    /// What the body is (RFC 3261 §20.15); nil when it is not stated.
    package var contentType: MediaType? {
        get throws(SIPParseError) {
            guard let text = value(.contentType) else { return nil }
            return try MediaType(text)
        }
    }

    /// What the sender can take as a body (RFC 3261 §20.1); nil without the header field, which means its method's or
    /// event package's default; empty when it is there and empty, which means nothing.
    package var accept: [MediaType]? {
        get throws(SIPParseError) {
            guard contains(.accept) else { return nil }
            var found: [MediaType] = []
            for text in values(.accept) { found.append(try MediaType(text, of: .accept)) }
            return found
        }
    }
}
