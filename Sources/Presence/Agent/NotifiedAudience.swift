import Primitives

/// For whom a NOTIFY to another node is.
package enum NotifiedAudience: Hashable, Sendable {
    /// A node that holds the presentity's account, and applies its rules by itself.
    case node(AddressOfRecord)
    /// One watcher behind a node that does not know the rules.
    case watcher(AddressOfRecord, of: AddressOfRecord, WatcherClass)
}
