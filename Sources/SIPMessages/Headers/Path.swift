extension SIPMessage {
    /// The proxies between a registrar and a contact, the one next to the registrar first (RFC 3327 §4).
    package var path: [NameAddress] {
        get throws(SIPParseError) { try nameAddresses(.path) }
    }

    /// The proxies through which a registered user agent's requests are to go (RFC 3608 §5).
    package var serviceRoutes: [NameAddress] {
        get throws(SIPParseError) { try nameAddresses(.serviceRoute) }
    }
}
