import SIPStack

/// What brought a contact into its state (RFC 3680 §4.7.1).
package enum ContactEvent: String, CaseIterable, Sendable {
    /// A REGISTER added it.
    case registered
    /// An administrator added it.
    case created
    /// A REGISTER renewed it.
    case refreshed
    /// An administrator cut its time.
    case shortened
    /// Nobody renewed it.
    case expired
    /// The registrar ended it; its client should register again at once.
    case deactivated
    /// The registrar ended it; its client should register again later.
    case probation
    /// A REGISTER removed it.
    case unregistered
    /// The registrar ended it for good.
    case rejected

    /// What it is called here that a binding ended.
    init(_ reason: UnregistrationReason) {
        switch reason {
        case .removed, .replaced: self = .unregistered
        case .expired: self = .expired
        // The connection is gone, not the user's right to it: the client is to come again.
        case .flowFailed: self = .deactivated
        }
    }
}
