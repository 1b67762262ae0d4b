/// Reads a mapping of keys that are all known by one table, such as an item of a list.
struct MappingReader<Subject> {
    let keys: [ScenarioKey<Subject>]
    /// The dotted name of the mapping, for errors.
    let prefix: String

    func read(_ value: SourceValue, into subject: inout Subject, errors: inout [ScenarioError]) {
        let known = keys.map(\.name)
        guard case .mapping(let entries) = value.content else {
            errors.append(
                ScenarioError(
                    value.place, key: prefix, "\(value.asFound) stands where a mapping belongs",
                    remedy: "the keys are \(known.joined(separator: ", "))"))
            return
        }
        for entry in entries {
            let name = "\(prefix).\(entry.key)"
            guard let key = keys.first(where: { $0.name == entry.key }) else {
                errors.append(.unknownKey(name, at: entry.place, word: entry.key, known: known))
                continue
            }
            do {
                try key.assign(entry.value, &subject)
            } catch {
                errors.append(ScenarioError(error.place, key: name, error.problem, remedy: key.remedy))
            }
        }
        for key in keys where key.standard == nil && !entries.contains(where: { $0.key == key.name }) {
            errors.append(ScenarioError(value.place, key: prefix, "\(key.name) is missing", remedy: key.remedy))
        }
    }
}
