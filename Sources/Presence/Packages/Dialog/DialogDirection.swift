/// Who began a dialog (RFC 4235 §4.1.1).
package enum DialogDirection: String, CaseIterable, Sendable {
    /// The observed user.
    case initiator
    /// The peer.
    case recipient
}
