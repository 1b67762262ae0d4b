/// How hard a message is tried.
package enum Delivery: Hashable, Sendable {
    /// At most once, in one datagram of at most ``Sessions/maximumDatagramPayload`` bytes; lost silently.
    case datagram
    /// Exactly once or reported as failed; up to ``Sessions/maximumMessageLength`` bytes, in fragments that are
    /// acknowledged and sent again. Messages do not wait for each other, so their order is not kept.
    case reliable
}
