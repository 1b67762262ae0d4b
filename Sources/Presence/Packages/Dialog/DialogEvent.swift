/// What terminated a dialog (RFC 4235 §3.7.1).
package enum DialogEvent: String, CaseIterable, Sendable {
    /// The caller gave up, and a 487 came.
    case cancelled
    /// Another final response that is no 2xx.
    case rejected
    /// An INVITE with Replaces put another dialog in its place (RFC 3891).
    case replaced
    /// The observed user hung up.
    case localBye = "local-bye"
    /// The peer hung up.
    case remoteBye = "remote-bye"
    /// A request within the dialog was answered with 481 or 408.
    case error
    /// A request within the dialog had no answer, or the session's time is over.
    case timeout
}
