import Primitives

/// How often this node does something at a third node because another asked for it, within ten seconds. It takes
/// memory only after it was used.
struct CallBackLimit: Sendable {
    /// What is allowed within ten seconds.
    struct Bounds: Sendable {
        let inAll: Int
        let ofAsker: Int
        let forTarget: Int

        /// Passing on that the asker wants to be called; the target is a contact, which calls no more than so often.
        static let passingOn = Bounds(inAll: 256, ofAsker: 4, forTarget: 16)
        /// Calling; the target is an address that the asker names.
        static let calling = Bounds(inAll: 64, ofAsker: 16, forTarget: 4)
    }

    private struct Entry: Sendable {
        let asker: UInt32
        let target: UInt32
        /// Seconds since 1970.
        let second: UInt32
    }

    private var entries: [Entry] = []

    private static let seconds: UInt32 = 10

    /// The targets for which one more would be too much.
    func exhaustedTargets(within bounds: Bounds, at now: Instant) -> Set<UInt32> {
        let second = UInt32(truncatingIfNeeded: now.secondsSince1970)
        var counts: [UInt32: Int] = [:]
        for entry in entries where second &- entry.second < Self.seconds { counts[entry.target, default: 0] += 1 }
        return Set(counts.lazy.filter { $0.value >= bounds.forTarget }.map(\.key))
    }

    /// Whether one more is within the bounds; if so it is counted.
    ///
    /// - Parameters:
    ///   - asker: stands for the node that asks.
    ///   - target: stands for who hears of it.
    mutating func admits(asker: UInt32, target: UInt32, within bounds: Bounds, at now: Instant) -> Bool {
        let second = UInt32(truncatingIfNeeded: now.secondsSince1970)
        entries.removeAll { second &- $0.second >= Self.seconds }
        guard entries.count < bounds.inAll, entries.count(where: { $0.asker == asker }) < bounds.ofAsker,
            entries.count(where: { $0.target == target }) < bounds.forTarget
        else { return false }
        entries.append(Entry(asker: asker, target: target, second: second))
        return true
    }
}
