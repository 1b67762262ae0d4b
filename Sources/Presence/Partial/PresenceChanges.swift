/// The changes that were last worked out: watchers who see the same are told the same.
package struct PresenceChanges: Sendable {
    /// Documents of so many kinds of watchers are told at a time, before and after.
    private static let most = 8

    private struct Entry: Sendable {
        var old: [UInt8]?
        var new: [UInt8]
        var body: PartialPresenceBody
    }

    private var entries: [Entry] = []

    package init() {}

    /// - Parameters:
    ///   - old: what the watcher knows; nil when all has to be told.
    ///   - new: the present document, as ``Composition`` writes it.
    /// - Returns: nil when a document can't be read.
    package mutating func body(from old: [UInt8]?, to new: [UInt8]) -> PartialPresenceBody? {
        if let known = entries.first(where: { $0.new == new && $0.old == old }) { return known.body }
        let made = old.map { PresenceChange.body(from: $0, to: new) } ?? PresenceChange.full(new)
        guard let made else { return nil }
        if entries.count == Self.most { entries.removeFirst() }
        entries.append(Entry(old: old, new: new, body: made))
        return made
    }
}
