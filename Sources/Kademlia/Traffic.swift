/// What a core has been asked, and has asked.
struct Traffic: Sendable {
    /// Requests that came in, those that were dropped included.
    var received = RateMeter()
    /// Requests that were sent.
    var sent = RateMeter()
    /// Requests that were dropped because their sender had asked too much.
    var dropped = RateMeter()
}
