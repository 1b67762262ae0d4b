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

    /// Longer texts are cut: they quote what others sent.
    private static let maximumLength = 1_000

    package var level: Level
    /// A short name to count and filter by, such as `registered`.
    package var name: String
    /// The whole of it in a sentence without a full stop.
    package let text: String

    /// - Parameter text: may quote what phones and other nodes sent. Control characters become `?`, so that nobody
    ///   can forge a line of a log or speak to a terminal.
    package init(_ level: Level, _ name: String, _ text: String) {
        self.level = level
        self.name = name
        let isHarmless = text.utf8.count <= Self.maximumLength && text.utf8.allSatisfy { $0 >= 32 && $0 < 127 }
        self.text = isHarmless ? text : Self.harmless(text)
    }

    private static func harmless(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(maximumLength).map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: "?"
            default: Character(scalar)
            }
        }
        return String(shown)
    }
}
