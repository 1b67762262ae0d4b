/// Names a watch to the one who asked for it; the asker chooses it, and it is unique among those under way.
package struct WatchToken: Hashable, Comparable, Sendable {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
