extension SIPMessage {
    /// What the recipient of a REFER is to contact (RFC 3515 §2.1); nil when it is not there.
    package var referTo: NameAddress? {
        get throws(SIPParseError) { contains(.referTo) ? try nameAddress(.referTo) : nil }
    }
}
