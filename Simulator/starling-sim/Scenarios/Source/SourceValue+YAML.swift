import Yams

extension SourceValue {
    /// Aliases can make a small file large.
    private static let mostValues = 100_000
    private static let deepest = 32

    /// Reads one YAML document. One without content is an empty mapping.
    ///
    /// - Parameter place: where a line and column of the text lie.
    static func reading(
        _ text: String, file: String, at place: (_ line: Int, _ column: Int) -> SourcePlace
    ) throws(ScenarioErrors) -> SourceValue {
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch {
            throw ScenarioErrors([syntaxError(error, in: text, at: place)])
        }
        guard let root, root.null == nil else { return SourceValue(place: place(1, 1), content: .nothing) }
        var count = 0
        do {
            return try converted(root, depth: 0, count: &count, at: place)
        } catch {
            throw ScenarioErrors([error])
        }
    }

    private static func converted(
        _ node: Node, depth: Int, count: inout Int, at place: (Int, Int) -> SourcePlace
    ) throws(ScenarioError) -> SourceValue {
        let here = place(node.mark?.line ?? 1, node.mark?.column ?? 1)
        count += 1
        guard count <= mostValues, depth <= deepest else {
            throw ScenarioError(here, "there is too much in this file", remedy: "split it, or write less by aliases")
        }
        if node.null != nil { return SourceValue(place: here, content: .nothing) }
        if let scalar = node.scalar { return SourceValue(place: here, content: .text(scalar.string)) }
        if let sequence = node.sequence {
            var items: [SourceValue] = []
            for item in sequence {
                items.append(try converted(item, depth: depth + 1, count: &count, at: place))
            }
            return SourceValue(place: here, content: .list(items))
        }
        var entries: [Entry] = []
        var words: Set<String> = []
        for (key, value) in node.mapping ?? Node.Mapping([]) {
            let keyPlace = place(key.mark?.line ?? 1, key.mark?.column ?? 1)
            guard let word = key.scalar?.string else {
                throw ScenarioError(keyPlace, "a key is not a word", remedy: "write KEY: VALUE")
            }
            guard words.insert(word).inserted else {
                throw ScenarioError(keyPlace, key: word, "it is set twice", remedy: "write it once")
            }
            let converted = try converted(value, depth: depth + 1, count: &count, at: place)
            entries.append(Entry(key: word, place: keyPlace, value: converted))
        }
        return SourceValue(place: here, content: .mapping(entries))
    }

    private static func syntaxError(
        _ error: any Error, in text: String, at place: (Int, Int) -> SourcePlace
    ) -> ScenarioError {
        let remedy = "check the indentation, and that values with a colon and a space in them are in quotes"
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return ScenarioError(place(mark.line, mark.column), "this is not YAML: \(problem)", remedy: remedy)
        case .duplicatedKeysInMapping(let keys, let context):
            let key = keys.sorted().first ?? "?"
            let first = context.mark
            let second = secondMark(of: key, after: first, in: text) ?? (first.line, first.column)
            return ScenarioError(
                place(second.0, second.1), key: key, "it is set twice, first in line \(first.line)",
                remedy: "write it once")
        default:
            return ScenarioError(place(1, 1), "this is not YAML: \(error)", remedy: remedy)
        }
    }

    /// Yams tells where the first of two equal keys stands; the second is the next line that begins like it.
    private static func secondMark(of key: String, after first: Mark, in text: String) -> (Int, Int)? {
        let indentation = String(repeating: " ", count: max(0, first.column - 1))
        let starts = ["", "\"", "'"].map { quote in indentation + quote + key + quote }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let next = lines.indices.dropFirst(first.line).first { index in
            starts.contains { start in
                lines[index].hasPrefix(start) && lines[index].dropFirst(start.count).drop { $0 == " " }.first == ":"
            }
        }
        return next.map { ($0 + 1, first.column) }
    }
}
