import Primitives

/// A change of a watched resource. Each is reported once, and those of one key in order.
package enum RecordChange: Hashable, Sendable {
    /// There was none with this key.
    case added(Record)
    /// There was one with another content.
    case replaced(Record)
    /// The content is the same and lasts longer.
    case refreshed(Record)
    /// The record came to its end.
    case expired(Record.Identity)
    /// It was deleted, be it before it was ever reported to this watcher; this is the tombstone.
    case deleted(Record)
}
