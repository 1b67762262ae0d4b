/// How things stand with the subscription to one resource of a list (RFC 4662 §5.5).
package enum RLMIState: Hashable, Sendable {
    case active
    case pending
    /// It ended, for a reason as Subscription-State has them (RFC 6665 §4.1.3).
    case terminated(reason: String)
}
