/// What brought a subscription into its status (RFC 3857 §4.7.1).
package enum WatcherEvent: String, CaseIterable, Sendable {
    /// The watcher subscribed.
    case subscribe
    /// The presentity allowed it.
    case approved
    /// The server ended it, and the watcher should subscribe anew at once.
    case deactivated
    /// The server ended it, and the watcher should subscribe anew later.
    case probation
    /// The presentity refused it.
    case rejected
    /// It was not refreshed, or the watcher ended it.
    case timeout
    /// The server stopped waiting for a decision.
    case giveup
    /// There is no such presentity any more.
    case noresource
}
