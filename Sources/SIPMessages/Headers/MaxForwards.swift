extension SIPMessage {
    /// How many more proxies a request may pass, 0 to 255 (RFC 3261 §20.22); nil when it does not say. A larger number
    /// counts as none at all (RFC 4475 §3.1.2.4).
    package var maxForwards: Int? {
        get throws(SIPParseError) {
            guard let text = value(.maxForwards) else { return nil }
            guard !text.bytes.isEmpty, text.bytes.allSatisfy(ASCII.isDigit) else { throw .malformed(.maxForwards) }
            return Expires.seconds(text.bytes).flatMap { $0 <= 255 ? $0 : nil }
        }
    }

    /// A header field whose value is one decimal number; nil when it is not there.
    func number(_ name: HeaderName, upTo maximum: UInt64) throws(SIPParseError) -> Int? {
        guard let text = value(name) else { return nil }
        var cursor = HeaderCursor(text)
        guard let number = cursor.number(upTo: maximum), cursor.isAtEnd else { throw .malformed(name) }
        return Int(number)
    }
}
