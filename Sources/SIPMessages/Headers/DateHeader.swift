extension SIPMessage {
    /// When the message was first sent, as it is written (RFC 3261 §20.17); it is passed on and decides nothing here, so
    /// it is not checked (RFC 4475 §3.1.2.12).
    package var date: String? { value(.date)?.string }
}
