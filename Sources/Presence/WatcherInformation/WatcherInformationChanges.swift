import Primitives

/// What a subscriber to watcher information has not been told yet, and under which version it will be.
package struct WatcherInformationChanges: Hashable, Sendable {
    /// Past this many the full state is the shorter story, or near enough.
    package static let maximumPending = 256

    /// The newest of each watcher that changed, by its id; nil when everything is to be told.
    private var changed: [String: Watcher]?

    /// Nothing has been told.
    package init() { changed = nil }

    /// Whether everything is to be told.
    package var isFull: Bool { changed == nil }

    /// Has a watcher be told of as it is now.
    package mutating func note(_ watcher: Watcher) {
        guard changed != nil else { return }
        changed![watcher.id] = watcher
        if changed!.count > Self.maximumPending { changed = nil }
    }

    /// Has everything be told: RFC 3857 §4.7.2 after a SUBSCRIBE, and after a document that may not have arrived.
    package mutating func tellAll() { changed = nil }

    /// The document that tells it; after it there is nothing to tell.
    /// - Parameter watchers: all that there are now, in the order to list them.
    package mutating func take(
        of presentity: AddressOfRecord, watchers: @autoclosure () -> [Watcher], version: UInt32, at now: Instant
    ) -> [UInt8] {
        defer { changed = [:] }
        guard let changed else {
            return WatcherInformation.document(of: presentity, watchers: watchers(), .full, version: version, at: now)
        }
        let listed = changed.values.sorted { ($0.begun, $0.id) < ($1.begun, $1.id) }
        return WatcherInformation.document(of: presentity, watchers: listed, .partial, version: version, at: now)
    }
}
