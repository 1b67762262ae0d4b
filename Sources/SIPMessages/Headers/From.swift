extension SIPMessage {
    /// Who sends the request, with the tag of their side of the dialog (RFC 3261 §20.20).
    package var from: NameAddress {
        get throws(SIPParseError) { try nameAddress(.from) }
    }
}
