import Primitives

/// What a user's presence authorization rules say, whatever package somebody subscribes to.
struct Policy: Sendable {
    var authorization: PresenceAuthorization
    /// What the user is engaged in, as far as the rules ask for it.
    var sphere: Set<String> = []
    /// When the period began in which the rules say what they say now.
    var period = Instant(nanoseconds: 0)
}
