import Primitives

/// What the conditions of rules look at: who asks for a presentity's state, and when and how things stand.
package struct AccessRequest: Hashable, Sendable {
    /// Who asks.
    package var watcher: WatcherIdentity
    /// What the presentity is engaged in now, in lower case; empty when that is undefined (RFC 5025 §3.1.2).
    package var sphere: Set<String>
    /// When the decision is made; validity is compared with it.
    package var time: Instant
    /// The members of external lists, by the URIs that rules name them by. A list that is missing could not be
    /// resolved.
    package var externalLists: [String: Set<AddressOfRecord>]

    package init(
        watcher: WatcherIdentity, sphere: Set<String> = [], time: Instant,
        externalLists: [String: Set<AddressOfRecord>] = [:]
    ) {
        self.watcher = watcher
        self.sphere = sphere
        self.time = time
        self.externalLists = externalLists
    }
}
