/// Replaces = callid *( SEMI replaces-param ) (RFC 3891 §6.1): the dialog in whose place an INVITE puts a new one.
package struct Replaces: Hashable, Sendable {
    package var callID: String
    /// The tag of the end that the INVITE goes to.
    package var toTag: String
    /// The tag of that end's peer.
    package var fromTag: String

    package init(_ text: HeaderText) throws(SIPParseError) {
        var cursor = HeaderCursor(text)
        let isOfCallID: (UInt8) -> Bool = { $0 != UInt8(ascii: ";") && !ASCII.isWhitespace($0) }
        guard let callID = cursor.run(while: isOfCallID).map({ HeaderText($0).string }) else {
            throw .malformed(.replaces)
        }
        let parameters = try Parameters(reading: &cursor, of: .replaces)
        // RFC 3891 §3: exactly one Call-ID, to-tag and from-tag.
        guard cursor.isAtEnd, let toTag = parameters["to-tag"], let fromTag = parameters["from-tag"] else {
            throw .malformed(.replaces)
        }
        self.callID = callID
        self.toTag = toTag
        self.fromTag = fromTag
    }
}

extension SIPMessage {
    /// The dialog that an INVITE replaces (RFC 3891 §3); nil when it replaces none.
    package var replaces: Replaces? {
        get throws(SIPParseError) {
            guard let text = value(.replaces) else { return nil }
            return try Replaces(text)
        }
    }
}
