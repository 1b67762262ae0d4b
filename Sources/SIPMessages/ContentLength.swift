/// Content-Length = 1*DIGIT (RFC 3261 §20.14).
enum ContentLength {
    /// - Returns: nil when the value is no decimal number, or one that no message can have.
    static func number(_ value: some Collection<UInt8>) -> Int? {
        guard !value.isEmpty else { return nil }
        var number = 0
        for digit in value {
            guard ASCII.isDigit(digit) else { return nil }
            number = number * 10 + Int(digit & 15)
            if number > Int(Int32.max) { return nil }
        }
        return number
    }
}

extension SIPMessage {
    /// The length of the body as the message states it, in bytes; nil when it does not.
    ///
    /// Values that contradict each other are a fault: who took the first would see another body than who took the last.
    package var contentLength: Int? {
        get throws(SIPParseError) {
            var length: Int?
            for text in values(.contentLength) {
                guard let number = ContentLength.number(text.bytes) else { throw .malformed(.contentLength) }
                if let length, length != number { throw SIPParseError("Conflicting Content-Length header fields") }
                length = number
            }
            return length
        }
    }
}
