extension SIPMessage {
    /// The proxies a request is to visit, the next one first (RFC 3261 §20.34).
    package var routes: [NameAddress] {
        get throws(SIPParseError) { try nameAddresses(.route) }
    }

    /// The next proxy alone; nil when there is no Route.
    package var topRoute: NameAddress? {
        get throws(SIPParseError) {
            guard let text = firstValue(.route) else { return nil }
            return try NameAddress(text, of: .route)
        }
    }
}
