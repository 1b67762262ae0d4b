extension SIPMessage {
    /// Where an answer should go when not to From (RFC 3261 §20.31); nil when it does not say.
    package var replyTo: NameAddress? {
        get throws(SIPParseError) { contains(.replyTo) ? try nameAddress(.replyTo) : nil }
    }
}
