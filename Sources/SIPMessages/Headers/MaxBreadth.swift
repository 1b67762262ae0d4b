extension SIPMessage {
    /// How many branches a request may still be forked into at the same time (RFC 5393 §5.3.3); nil when it does not
    /// say.
    package var maxBreadth: Int? {
        get throws(SIPParseError) { try number(.maxBreadth, upTo: UInt64(Int32.max)) }
    }
}
