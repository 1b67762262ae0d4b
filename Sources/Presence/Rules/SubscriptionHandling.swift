/// What becomes of a subscription (RFC 5025 §3.2.1); the greater value grants more.
package enum SubscriptionHandling: Int, Comparable, CaseIterable, Sendable {
    /// It is rejected: what a rule says that says nothing.
    case block = 0
    /// It waits for the presentity to decide.
    case confirm = 10
    /// It is accepted and told that the presentity is unavailable.
    case politeBlock = 20
    /// It is accepted.
    case allow = 30

    /// The value as a rule spells it; nil for what RFC 5025 does not define.
    package init?(spelled text: String) {
        switch text {
        case "block": self = .block
        case "confirm": self = .confirm
        case "polite-block": self = .politeBlock
        case "allow": self = .allow
        default: return nil
        }
    }

    package static func < (a: SubscriptionHandling, b: SubscriptionHandling) -> Bool { a.rawValue < b.rawValue }
}
