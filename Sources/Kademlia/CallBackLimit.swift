import Primitives

/// How often this node does something at a third node because another asked for it: bounds for each asker, for each
/// target and in all, within ten seconds. It takes memory only after it was used.
struct CallBackLimit: Sendable {
    private struct Entry: Sendable {
        let asker: UInt32
        let target: UInt32
        /// Seconds since 1970.
        let second: UInt32
    }

    private var entries: [Entry] = []

    private static let seconds: UInt32 = 10
    static let mostOfAll = 32
    static let mostOfAsker = 8
    static let mostForTarget = 4

    /// Whether one more is within the bounds; if so it is counted.
    ///
    /// - Parameters:
    ///   - asker: stands for the node that asks.
    ///   - target: stands for the address that hears of it.
    ///   - mostForTarget: at most ``mostForTarget``.
    mutating func admits(asker: UInt32, target: UInt32, mostForTarget: Int, at now: Instant) -> Bool {
        let second = UInt32(truncatingIfNeeded: now.secondsSince1970)
        entries.removeAll { second &- $0.second >= Self.seconds }
        guard entries.count < Self.mostOfAll, entries.count(where: { $0.asker == asker }) < Self.mostOfAsker,
            entries.count(where: { $0.target == target }) < mostForTarget
        else { return false }
        entries.append(Entry(asker: asker, target: target, second: second))
        return true
    }
}
