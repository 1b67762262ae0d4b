extension SIPMessage {
    /// Whom the request was first meant for, with the tag of their side once there is one (RFC 3261 §20.39).
    package var to: NameAddress {
        get throws(SIPParseError) { try nameAddress(.to) }
    }
}
