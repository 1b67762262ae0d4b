/// What the first message to a node costs.
package enum SessionModel: String, Sendable, CaseIterable {
    /// All nodes know each other: a message takes the one-way delay.
    case known
    /// The first message between two nodes waits for a round trip more, as a handshake does (docs/protocol.md §3).
    case handshake
}
