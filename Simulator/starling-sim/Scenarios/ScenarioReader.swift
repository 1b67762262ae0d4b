import OverlaySimulator

/// Turns the text of a scenario file into a scenario, and gathers everything that is wrong with it.
struct ScenarioReader {
    /// Where the files that the scenario names are looked for.
    let folder: String
    var draft = ScenarioDraft()
    var errors: [ScenarioError] = []
    var notices: [String] = []
    /// Where each key stands that was set, by its dotted name; sections and lists among them.
    var places: [String: SourcePlace] = [:]

    /// Reads a scenario.
    ///
    /// - Parameters:
    ///   - name: what the scenario is called.
    ///   - file: the file's name, for errors.
    ///   - folder: where the files that the scenario names are looked for; a relative path in an override starts
    ///     from the working directory instead.
    ///   - overrides: values in the place of the file's; of two for one key the later holds.
    /// - Throws: all that is wrong with it.
    static func reading(
        _ text: String, name: String, file: String, folder: String = "", overrides: [ScenarioOverride] = []
    ) throws(ScenarioErrors) -> ReadScenario {
        var tree = try SourceValue.reading(text, file: file) { .file(file, line: $0, column: $1) }
        var reader = ScenarioReader(folder: folder)
        reader.draft.scenario.name = name
        for override in overrides { reader.apply(override, to: &tree) }
        switch tree.content {
        case .mapping(let entries): reader.readSection("", entries)
        case .nothing: break
        case .text, .list:
            throw ScenarioErrors([
                ScenarioError(
                    tree.place, "the file is not a list of keys and values",
                    remedy: "write one KEY: VALUE on a line, as in `nodes: 1000`")
            ])
        }
        reader.complete()
        guard reader.errors.isEmpty else { throw ScenarioErrors(reader.errors) }
        return ReadScenario(scenario: reader.draft.scenario, notices: reader.notices)
    }

    /// Notes an error at the place of a key that was set.
    mutating func note(_ key: String, _ problem: String, remedy: String) {
        let place = places[key] ?? .flag("scenario")
        errors.append(ScenarioError(place, key: key, problem, remedy: remedy))
    }

    private mutating func apply(_ override: ScenarioOverride, to tree: inout SourceValue) {
        let place = SourcePlace.flag(override.flag)
        guard let path = ScenarioFormat.path(of: override.key) else {
            errors.append(.unknownKey(override.key, at: place, word: override.key, known: ScenarioFormat.names))
            return
        }
        do {
            let value = try SourceValue.reading(override.value, file: override.flag) { _, _ in place }
            guard !override.value.allSatisfy(\.isWhitespace), tree.put(value, at: path[...]) else {
                let problem = override.value.isEmpty ? "the value is missing" : "there is no such item in the list"
                let remedy = "write KEY=VALUE, items of lists numbered from 1, and null to take a value away"
                errors.append(ScenarioError(place, key: override.key, problem, remedy: remedy))
                return
            }
        } catch {
            errors += error.errors
        }
    }

    /// Reads the keys of a section; the top of the file is the one without a name.
    private mutating func readSection(_ section: String, _ entries: [SourceValue.Entry]) {
        for entry in entries {
            let name = section.isEmpty ? entry.key : "\(section).\(entry.key)"
            if let key = ScenarioFormat.keys.first(where: { $0.name == name }) {
                places[name] = entry.place
                do {
                    try key.assign(entry.value, &draft)
                } catch {
                    errors.append(ScenarioError(error.place, key: name, error.problem, remedy: key.remedy))
                }
            } else if let list = ScenarioFormat.lists.first(where: { $0.name == name }) {
                places[name] = entry.place
                read(list, entry.value)
            } else if name == ScenarioFormat.thresholds {
                readThresholds(entry.value)
            } else if ScenarioFormat.sections.contains(name) {
                places[name] = entry.place
                guard case .mapping(let inner) = entry.value.content else {
                    errors.append(
                        ScenarioError(
                            entry.value.place, key: name, "\(entry.value.asFound) stands where keys belong",
                            remedy: "the keys here are \(known(in: name).joined(separator: ", "))"))
                    continue
                }
                readSection(name, inner)
            } else {
                errors.append(.unknownKey(name, at: entry.place, word: entry.key, known: known(in: section)))
            }
        }
    }

    private mutating func read(_ list: ScenarioList, _ value: SourceValue) {
        guard case .list(let items) = value.content, items.count <= list.most else {
            errors.append(
                ScenarioError(
                    value.place, key: list.name, "\(value.asFound) stands there",
                    remedy: "write a list of at most \(list.most) mappings with the keys "
                        + list.itemKeys.joined(separator: ", ")))
            return
        }
        list.read(items, &draft, &errors)
    }

    /// The keys that may stand in a section.
    private func known(in section: String) -> [String] {
        let prefix = section.isEmpty ? "" : section + "."
        var words: [String] = []
        for name in ScenarioFormat.names where name.hasPrefix(prefix) {
            let word = name.dropFirst(prefix.count).split(separator: ".").first.map(String.init) ?? ""
            if !words.contains(word) { words.append(word) }
        }
        return words
    }
}
