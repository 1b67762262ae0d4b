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
    /// The writer deleted it; this is the tombstone.
    case deleted(Record)
}
