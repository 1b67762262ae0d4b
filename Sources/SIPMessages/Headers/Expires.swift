/// delta-seconds = 1*DIGIT, at most 2^32 − 1 (RFC 3261 §20.19).
enum Expires {
    static func seconds(_ digits: some Collection<UInt8>) -> Int? {
        guard !digits.isEmpty else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard ASCII.isDigit(digit) else { return nil }
            value = value * 10 + UInt64(digit & 15)
            if value > UInt64(UInt32.max) { return nil }
        }
        return Int(value)
    }
}

extension SIPMessage {
    /// How long what the message asks for or states is to last, in seconds (RFC 3261 §20.19); nil when it does not say.
    ///
    /// A value that is no number of 32 bits counts as not stated, so that the default applies (RFC 4475 §3.1.2.4).
    package var expires: Int? { value(.expires).flatMap { Expires.seconds($0.bytes) } }

    /// The shortest time that a 423 says would be accepted, in seconds (RFC 3261 §20.23).
    package var minExpires: Int? { value(.minExpires).flatMap { Expires.seconds($0.bytes) } }
}
