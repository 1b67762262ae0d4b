/// What a user's presence authorization rules say, whatever package somebody subscribes to.
struct Policy: Sendable {
    var authorization: PresenceAuthorization
    /// What the user is engaged in, as far as the rules ask for it.
    var sphere: Set<String> = []
}
