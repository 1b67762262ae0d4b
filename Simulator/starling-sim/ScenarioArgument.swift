import ArgumentParser
import Foundation

/// Which scenario, and what of it is to be different: the arguments that `run` and `sweep` share.
struct ScenarioArgument: ParsableArguments {
    @Argument(help: "A built-in scenario (see `starling-sim list`), or the path of a file.")
    var scenario: String

    @Option(help: "Nodes of the overlay.")
    var nodes: Int?

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp(
            "Another value for a key of the scenario, as in churn.median-session=10min. Repeatable.",
            valueName: "key=value"))
    var settings: [String] = []

    private static let mostBytes = 1 << 20

    /// The scenario with everything that was given on the command line.
    ///
    /// - Parameter overrides: more values, which win over `--set`.
    /// - Throws: `ValidationError` with all that is wrong.
    func resolved(adding overrides: [ScenarioOverride] = []) throws -> ReadScenario {
        let given = try settings.map { setting in
            guard let override = ScenarioOverride(setting) else {
                throw ValidationError("--set \(setting): write KEY=VALUE, as in nodes=500")
            }
            return override
        }
        let counted = nodes.map { [ScenarioOverride("nodes", "\($0)", flag: "--nodes")] } ?? []
        let all = given + counted + overrides
        do {
            if let builtIn = BuiltInScenario.named(scenario) { return try builtIn.reading(overrides: all) }
            let file = URL(filePath: scenario)
            return try ScenarioReader.reading(
                try text(of: file), name: file.deletingPathExtension().lastPathComponent, file: scenario,
                folder: file.deletingLastPathComponent().path, overrides: all)
        } catch let errors as ScenarioErrors {
            throw ValidationError(errors.description)
        }
    }

    /// For a name that no built-in scenario has.
    static func unknown(_ name: String) -> ValidationError {
        let meant = Spelling.nearest(to: name, among: BuiltInScenario.all.map(\.name))
        let hint = meant.map { "did you mean \"\($0)\"?" } ?? "`starling-sim list` names those that are there"
        return ValidationError("there is no scenario \"\(name)\"; \(hint)")
    }

    private func text(of file: URL) throws -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else {
            throw Self.unknown(scenario)
        }
        guard let handle = try? FileHandle(forReadingFrom: file),
            let bytes = try? handle.read(upToCount: Self.mostBytes + 1) ?? Data()
        else { throw ValidationError("\(scenario) can't be read") }
        guard bytes.count <= Self.mostBytes, let text = String(bytes: bytes, encoding: .utf8) else {
            throw ValidationError("\(scenario) is not a text in UTF-8 of at most \(Self.mostBytes >> 10) KiB")
        }
        return text
    }
}
