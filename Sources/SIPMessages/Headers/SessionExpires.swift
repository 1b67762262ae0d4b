extension SIPMessage {
    /// How long a session lasts without a refresh, in seconds (RFC 4028 §4); nil when nothing is said or it is no number
    /// of 32 bits.
    package var sessionExpires: Int? {
        value(.sessionExpires).flatMap { text in
            Expires.seconds(text.bytes.prefix { ASCII.isDigit($0) })
        }
    }
}
