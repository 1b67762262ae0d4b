/// A key of scenarios with a list behind it, of mappings that all have the same keys.
struct ScenarioList: Sendable {
    /// Dotted from the top of the file.
    let name: String
    /// The keys of an item, with what is allowed, what holds when nothing is said, and whether it must be said.
    let itemKeys: [String]
    let summaries: [String]
    let standards: [String?]
    /// How many items there may be.
    let most: Int
    /// Reads the items into a draft, and notes what is wrong with them.
    let read: @Sendable ([SourceValue], inout ScenarioDraft, inout [ScenarioError]) -> Void

    /// - Parameter blank: an item before its keys are read.
    init<Item: Sendable>(
        _ name: String, most: Int, _ path: WritableKeyPath<ScenarioDraft, [Item]> & Sendable, blank: Item,
        keys: [ScenarioKey<Item>]
    ) {
        self.name = name
        self.most = most
        itemKeys = keys.map(\.name)
        summaries = keys.map(\.summary)
        standards = keys.map(\.standard)
        read = { values, draft, errors in
            var items: [Item] = []
            for (index, value) in values.enumerated() {
                var item = blank
                let place = "\(name).\(index + 1)"
                MappingReader(keys: keys, prefix: place).read(value, into: &item, errors: &errors)
                items.append(item)
            }
            draft[keyPath: path] = items
        }
    }
}
