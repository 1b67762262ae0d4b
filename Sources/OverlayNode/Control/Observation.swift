/// Something an operator may want to read, count or ignore. Carries no secrets.
package struct Observation: Hashable, Sendable {
    /// How much an operator should care.
    package enum Level: Int, Comparable, Codable, Sendable {
        /// Of interest when looking for a fault.
        case debug
        /// What the node is there for: somebody registered, a call was set up.
        case event
        /// Works, but somebody should know.
        case warning

        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    package var level: Level
    /// A short name to count and filter by, such as `registered`.
    package var name: String
    /// The whole of it in a sentence without a full stop.
    package var text: String

    package init(_ level: Level, _ name: String, _ text: String) {
        self.level = level
        self.name = name
        self.text = text
    }
}
