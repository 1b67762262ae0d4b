import Primitives
import Yams

/// A configuration file: YAML, one mapping of ``SettingKey`` to values.
package enum SettingsFile {
    /// Reads the file at `path`.
    ///
    /// - Throws: ``ConfigurationErrors``, each with the file and line; ``SystemCallError`` when it can't be opened.
    package static func read(_ path: String) throws -> NodeSettings {
        guard let bytes = try PrivateFile.read(path) else {
            throw ConfigurationErrors([
                ConfigurationError(
                    "--config", "there is no file \(path)", remedy: "name one that is there, or leave it out")
            ])
        }
        return try parse(String(decoding: bytes, as: UTF8.self), name: path)
    }

    /// Reads the text of a file.
    ///
    /// - Parameter name: the file's name, for errors.
    package static func parse(_ text: String, name: String) throws(ConfigurationErrors) -> NodeSettings {
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch {
            throw ConfigurationErrors([syntaxError(error, name: name)])
        }
        // An empty file sets nothing.
        guard let root, root.null == nil else { return NodeSettings() }
        var reader = SettingsReader()
        guard let mapping = root.mapping else {
            throw ConfigurationErrors([
                ConfigurationError(
                    place(name, root), "the file is not a list of keys and values",
                    remedy: "write one KEY: VALUE on a line, as in `network: starling`")
            ])
        }
        for (key, value) in mapping { read(key, value, name: name, into: &reader) }
        return try reader.result()
    }

    private static func read(_ keyNode: Node, _ value: Node, name: String, into reader: inout SettingsReader) {
        let word = keyNode.scalar?.string ?? "?"
        let place = "\(place(name, keyNode)): \(word)"
        guard let key = SettingKey(rawValue: word) else {
            let known = SettingKey.allCases.map(\.rawValue).joined(separator: ", ")
            reader.note(
                ConfigurationError(
                    place, "there is no such key",
                    remedy: SettingKey.nearest(to: word).map { "did you mean \"\($0.rawValue)\"?" }
                        ?? "the keys are \(known)"))
            return
        }
        let values = value.sequence.map(Array.init) ?? [value]
        guard value.sequence == nil || key.isList else {
            reader.note(ConfigurationError(place, "a list stands where one value belongs", remedy: "write \(key.form)"))
            return
        }
        for item in values {
            guard let text = item.scalar?.string, item.null == nil else {
                let problem = item.null == nil ? "the value is a mapping" : "the value is missing"
                reader.note(ConfigurationError(place, problem, remedy: "write \(key.form)"))
                continue
            }
            reader.set(key, to: text, at: item.mark.map { "\(name):\($0.line): \(word)" } ?? place)
        }
    }

    private static func place(_ name: String, _ node: Node) -> String { node.mark.map { "\(name):\($0.line)" } ?? name }

    private static func syntaxError(_ error: any Error, name: String) -> ConfigurationError {
        let remedy = "check the indentation, and that values with a colon and a space in them are in quotes"
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            return ConfigurationError("\(name):\(mark.line)", "this is not YAML: \(problem)", remedy: remedy)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return ConfigurationError(
                "\(name):\(context.mark.line)",
                "set twice: \(duplicates.map { "\($0)" }.sorted().joined(separator: ", "))",
                remedy: "write the key once; several values are a list, as in [A, B]")
        default:
            return ConfigurationError(name, "this is not YAML: \(error)", remedy: remedy)
        }
    }
}
