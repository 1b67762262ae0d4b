import Primitives

/// Remembers of which records, and of which certificates in them, the signatures were found right or wrong.
///
/// The same record arrives from many sides: from its writer, in answers to lookups, in repairs and hand-overs.
/// Two generations bound the memory: when the younger one is full the older one is forgotten, and an entry that is
/// asked for moves to the younger.
package struct VerifiedRecords: Sendable {
    /// Entries in a generation: 40 bytes each, so some 80 KB in all when full.
    static let generationSize = 1_024

    private var young: [Bits256: Bool] = [:]
    private var old: [Bits256: Bool] = [:]

    package init() {}

    /// Whether the record with this digest is genuine; nil when that is not known (any more).
    subscript(digest: Bits256) -> Bool? {
        mutating get {
            if let known = young[digest] { return known }
            guard let known = old[digest] else { return nil }
            remember(digest, isGenuine: known)
            return known
        }
    }

    mutating func remember(_ digest: Bits256, isGenuine: Bool) {
        if young.count >= Self.generationSize {
            old = young
            young = [:]
        }
        young[digest] = isGenuine
    }
}
