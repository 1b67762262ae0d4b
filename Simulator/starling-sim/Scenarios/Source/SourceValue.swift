/// A part of a scenario as it was written, with its place: a word, a list or a mapping.
struct SourceValue {
    /// One key of a mapping with its value.
    struct Entry {
        var key: String
        var place: SourcePlace
        var value: SourceValue
    }

    enum Content {
        /// `null`, or nothing at all after the colon.
        case nothing
        case text(String)
        case list([SourceValue])
        case mapping([Entry])
    }

    var place: SourcePlace
    var content: Content

    /// For messages: what stands there instead of what belongs there.
    var asFound: String {
        switch content {
        case .nothing: "the value is missing"
        case .text(let text): "\"\(text.prefix(64))\(text.count > 64 ? "…" : "")\""
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }

    /// Puts `value` where `path` leads, and makes the mappings and the list item on the way that are missing. Nothing
    /// takes away what stands there.
    ///
    /// - Returns: whether the path led somewhere: an item of a list has a number from 1 to one more than there are.
    mutating func put(_ value: SourceValue, at path: ArraySlice<String>) -> Bool {
        guard let step = path.first else {
            self = value
            return true
        }
        let rest = path.dropFirst()
        let isRemoval = if case .nothing = value.content { rest.isEmpty } else { false }
        let missing = SourceValue(place: value.place, content: .nothing)
        if let number = Int(step) {
            var items: [SourceValue] = []
            if case .list(let found) = content { items = found }
            guard number >= 1, number <= items.count + (isRemoval ? 0 : 1) else { return false }
            if number > items.count { items.append(missing) }
            if isRemoval { items.remove(at: number - 1) }
            guard isRemoval || items[number - 1].put(value, at: rest) else { return false }
            content = .list(items)
            return true
        }
        var entries: [Entry] = []
        if case .mapping(let found) = content { entries = found }
        if isRemoval {
            entries.removeAll { $0.key == step }
        } else {
            let index = entries.firstIndex { $0.key == step } ?? entries.count
            if index == entries.count { entries.append(Entry(key: step, place: value.place, value: missing)) }
            if rest.isEmpty { entries[index].place = value.place }
            guard entries[index].value.put(value, at: rest) else { return false }
        }
        content = .mapping(entries)
        return true
    }
}
