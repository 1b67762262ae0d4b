/// Where something stands that a scenario says: a line of its file, or a flag of the command line.
struct SourcePlace: Hashable, CustomStringConvertible {
    /// The file's name, or the flag: `--set`.
    var origin: String
    /// From 1; nil for a flag.
    var line: Int?
    var column: Int?

    /// Whether it was given beside the file.
    var isOverride: Bool { line == nil }

    static func file(_ name: String, line: Int, column: Int) -> SourcePlace {
        SourcePlace(origin: name, line: line, column: column)
    }

    static func flag(_ name: String) -> SourcePlace { SourcePlace(origin: name) }

    var description: String {
        guard let line, let column else { return origin }
        return "\(origin):\(line):\(column)"
    }
}
