extension SIPMessage {
    /// How many more proxies a request may pass, 0 to 255 (RFC 3261 §20.22); nil when it does not say.
    package var maxForwards: Int? {
        get throws(SIPParseError) { try number(.maxForwards, upTo: 255) }
    }

    /// A header field whose value is one decimal number; nil when it is not there.
    func number(_ name: HeaderName, upTo maximum: UInt64) throws(SIPParseError) -> Int? {
        guard let text = value(name) else { return nil }
        var cursor = HeaderCursor(text)
        guard let number = cursor.number(upTo: maximum), cursor.isAtEnd else { throw .malformed(name) }
        return Int(number)
    }
}
