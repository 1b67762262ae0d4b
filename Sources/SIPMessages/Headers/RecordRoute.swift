extension SIPMessage {
    /// The proxies that stay in the path of the dialog, the last one passed first (RFC 3261 §20.30).
    package var recordRoutes: [NameAddress] {
        get throws(SIPParseError) { try nameAddresses(.recordRoute) }
    }
}
