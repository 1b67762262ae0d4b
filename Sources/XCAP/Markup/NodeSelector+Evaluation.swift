extension NodeSelector {
    /// Which element the first steps select: each step has to give a single element, the context of the next one
    /// (RFC 4825 §6.3).
    ///
    /// - Parameter steps: how many steps to take.
    func selection(in document: DocumentMarkup, steps count: Int) -> Selection {
        var path: [Int] = []
        var context = [document.root]
        for step in steps.prefix(count) {
            let selected = step.selected(among: context)
            guard let place = selected.first else { return .noMatch }
            guard selected.count == 1 else { return .ambiguous }
            path.append(place)
            context = context[place].elements
        }
        return .element(path)
    }

    /// The element of the last step and its ancestors; nil when there is not exactly one.
    func elements(in document: DocumentMarkup) -> [ElementMarkup]? {
        guard case .element(let path) = selection(in: document, steps: steps.count) else { return nil }
        return document.elements(along: path)
    }

    /// The attribute that is selected; nil when the selector is not for one, or there is none.
    func attribute(in document: DocumentMarkup) -> AttributeMarkup? {
        guard case .attribute(let name) = terminal, let element = elements(in: document)?.last else { return nil }
        return element.attributes.first { $0.name == name }
    }

    /// How many of the leading steps select an element; all of them have to, for what comes after them to be placed.
    func stepsThatSelect(in document: DocumentMarkup) -> Int {
        for count in steps.indices.reversed() {
            if case .element = selection(in: document, steps: count) { return count }
        }
        return 0
    }

    /// The first steps, percent-encoded.
    func encoded(steps count: Int) -> String {
        steps.prefix(count).map { PercentEncoding.encode($0.text) }.joined(separator: "/")
    }
}
