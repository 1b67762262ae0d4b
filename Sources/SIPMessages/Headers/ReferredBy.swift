extension SIPMessage {
    /// Who sent the REFER that a request comes of (RFC 3892 §3); nil when it does not say.
    package var referredBy: NameAddress? {
        get throws(SIPParseError) { contains(.referredBy) ? try nameAddress(.referredBy) : nil }
    }
}
