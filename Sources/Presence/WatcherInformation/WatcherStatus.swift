/// How things stand with a subscription, as watcher information tells it (RFC 3857 §4.7.1). `init` is not among them:
/// it is over before anybody could be told.
package enum WatcherStatus: String, CaseIterable, Sendable {
    /// Somebody has yet to decide about it.
    case pending
    /// It is told of changes.
    case active
    /// It ended before anybody decided, and may come again.
    case waiting
    case terminated
}
