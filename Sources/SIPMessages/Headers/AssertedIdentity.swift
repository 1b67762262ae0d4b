extension SIPMessage {
    /// Who the sender is according to a network that authenticated them (RFC 3325 §9.1); worth what that network is.
    package var assertedIdentities: [NameAddress] {
        get throws(SIPParseError) { try nameAddresses(.pAssertedIdentity) }
    }
}
