extension SIPMessage {
    /// The entity tag that a publication was given (RFC 3903 §11.3.1); nil when there is none.
    package var sipETag: String? {
        get throws(SIPParseError) { try entityTag(.sipETag) }
    }

    /// The publication that a PUBLISH refreshes, modifies or removes (RFC 3903 §11.3.2); nil when there is none.
    package var sipIfMatch: String? {
        get throws(SIPParseError) { try entityTag(.sipIfMatch) }
    }

    /// The version a subscriber has already, whose body it need not be sent again (RFC 5839 §8); nil when there is none.
    package var suppressIfMatch: String? {
        get throws(SIPParseError) { try entityTag(.suppressIfMatch) }
    }

    /// entity-tag = token
    private func entityTag(_ name: HeaderName) throws(SIPParseError) -> String? {
        guard let text = value(name) else { return nil }
        var cursor = HeaderCursor(text)
        guard let tag = cursor.token(), cursor.isAtEnd else { throw .malformed(name) }
        return tag
    }
}
