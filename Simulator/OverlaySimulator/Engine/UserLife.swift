import Primitives

/// What the users of a node are about. Only nodes whose users do anything beyond being registered have one.
struct UserLife: Sendable {
    /// Somebody whom a user of this node watches.
    struct Buddy: Sendable {
        let user: Int
        /// The sequence of the presence record that was reported last; 0 for none.
        var sequence: Int64 = 0
    }

    /// The sequence of the registration, which grows with each change and each return.
    var registration: Int64 = 0
    /// When it changed last.
    var registeredAt = Instant(nanoseconds: 0)
    /// The sequence of the presence record.
    var presence: Int64 = 0
    /// When the presence changed last.
    var changedAt = Instant(nanoseconds: 0)
    /// Whom this node's users watch, by token.
    var buddies: [Buddy] = []
    /// When the call under way began.
    var callBegan: Instant?
}
