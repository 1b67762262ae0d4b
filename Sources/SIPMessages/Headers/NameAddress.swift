/// `"Display Name" <URI>;parameters`, the value of From, To, Route, Record-Route, Path, Reply-To, Refer-To,
/// P-Asserted-Identity and, with parameters of its own, Contact (RFC 3261 §20.10, §25.1 name-addr and addr-spec).
package struct NameAddress: Hashable, Sendable, CustomStringConvertible {
    /// Without quotes; nil when there is none.
    package var displayName: String?
    package var uri: SIPURI
    package var parameters: Parameters

    package init(displayName: String? = nil, uri: SIPURI, parameters: Parameters = Parameters()) {
        self.displayName = displayName
        self.uri = uri
        self.parameters = parameters
    }

    /// The `tag` of a From or To (RFC 3261 §19.3).
    package var tag: String? {
        get { parameters["tag"] }
        set { if let newValue { parameters.set("tag", newValue) } else { parameters.remove("tag") } }
    }

    package var description: String {
        let name = displayName.map { $0.isEmpty ? "" : QuotedString.quoted($0) + " " } ?? ""
        return "\(name)<\(uri)>\(parameters)"
    }

    /// Reads a value that holds nothing else.
    package init(_ text: HeaderText, of header: HeaderName = .contact) throws(SIPParseError) {
        var cursor = HeaderCursor(text)
        cursor.skipWhitespace()
        displayName = try Self.displayName(&cursor, of: header)
        let isBracketed = cursor.take(UInt8(ascii: "<"))
        if isBracketed {
            guard let uri = cursor.run(while: { $0 != UInt8(ascii: ">") }).flatMap({ SIPURI($0) }),
                cursor.take(UInt8(ascii: ">"))
            else { throw .malformed(header) }
            self.uri = uri
        } else {
            // Without brackets a semicolon ends the URI, what follows are the header field's parameters, and the URI
            // holds no comma and no question mark (RFC 3261 §20).
            let ends: (UInt8) -> Bool = { byte in
                !ASCII.isWhitespace(byte) && byte != UInt8(ascii: ";") && byte != UInt8(ascii: ",")
                    && byte != UInt8(ascii: "?")
            }
            guard let uri = cursor.run(while: ends).flatMap({ SIPURI($0) }) else { throw .malformed(header) }
            self.uri = uri
        }
        parameters = try Parameters(reading: &cursor, of: header)
        guard cursor.isAtEnd else { throw .malformed(header) }
    }

    /// display-name = *( token LWS ) / quoted-string, and an opening bracket behind it. Unquoted names hold other
    /// characters than a token may in practice; those that mean something elsewhere are refused (RFC 4475 §3.1.2.15).
    private static func displayName(
        _ cursor: inout HeaderCursor, of header: HeaderName
    ) throws(SIPParseError) -> String? {
        if cursor.peek == UInt8(ascii: "\"") {
            guard let quoted = cursor.quotedString() else { throw .malformed(header) }
            cursor.skipWhitespace()
            guard cursor.peek == UInt8(ascii: "<") else { throw .malformed(header) }
            let text = QuotedString.unquoted(HeaderText(quoted).string)
            return text.isEmpty ? nil : text
        }
        let start = cursor.position
        let name = cursor.run { byte in
            byte != UInt8(ascii: "<") && byte != UInt8(ascii: ";") && byte != UInt8(ascii: ",")
                && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: ">")
        }
        guard cursor.peek == UInt8(ascii: "<") else {
            cursor.position = start
            return nil
        }
        let text = name.map { HeaderText($0.trimmed).string } ?? ""
        return text.isEmpty ? nil : text
    }
}

extension SIPMessage {
    /// The only value of a header field that must be there exactly once.
    func nameAddress(_ name: HeaderName) throws(SIPParseError) -> NameAddress {
        guard let text = value(name) else { throw .missing(name) }
        return try NameAddress(text, of: name)
    }

    /// All values of a list of addresses.
    func nameAddresses(_ name: HeaderName) throws(SIPParseError) -> [NameAddress] {
        var found: [NameAddress] = []
        for text in try allValues(name) { found.append(try NameAddress(text, of: name)) }
        return found
    }
}
