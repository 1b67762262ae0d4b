import XMLTree

extension ObservedDialog {
    /// More than the 70 hops that a request may make are nobody's route.
    private static let maximumHops = 70

    /// Reads a `<dialog>`.
    /// - Parameter ancestors: the elements around it.
    init(parsing element: XMLElement, in ancestors: [XMLElement]) throws(EventStateError) {
        // RFC 4235 §4.1.1: the id and the state are what a dialog must have.
        guard let id = element[attribute: DialogNames.id], !id.isEmpty else {
            throw EventStateError("a dialog without an id")
        }
        guard let stated = element.first(DialogNames.state), let state = DialogState(rawValue: stated.text.trimmed)
        else { throw EventStateError("the dialog \(id) is in no known state") }
        self.init(
            id: id, direction: element[attribute: DialogNames.direction].flatMap { DialogDirection(rawValue: $0) },
            state: state)
        event = stated[attribute: DialogNames.event].flatMap { DialogEvent(rawValue: $0) }
        code = stated[attribute: DialogNames.code].flatMap { Int($0) }.flatMap { (100...699).contains($0) ? $0 : nil }
        let attribute = { (name: XMLName) in
            element[attribute: name].flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
        }
        callID = attribute(DialogNames.callID)
        localTag = attribute(DialogNames.localTag)
        remoteTag = attribute(DialogNames.remoteTag)
        replaces = element.first(DialogNames.replaces).flatMap { DialogReference(parsing: $0) }
        referredBy = element.first(DialogNames.referredBy).flatMap { DialogIdentity(parsing: $0) }
        routeSet = (element.first(DialogNames.routeSet)?.all(DialogNames.hop) ?? []).prefix(Self.maximumHops).map(
            \.text.trimmed)
        let around = ancestors + [element]
        local = element.first(DialogNames.local).map { DialogParticipant(parsing: $0, in: around) }
        remote = element.first(DialogNames.remote).map { DialogParticipant(parsing: $0, in: around) }
        extensions = Self.extensions(of: element, in: ancestors)
    }

    /// The children that RFC 4235 §4.4 leaves to others: those of other namespaces.
    static func extensions(of element: XMLElement, in ancestors: [XMLElement]) -> [XMLElement] {
        element.elements.filter { $0.name.namespace != DialogNames.namespace && !$0.name.namespace.isEmpty }
            .map { $0.detached(from: ancestors + [element]) }
    }

    /// The `<dialog>`, its children in the order of RFC 4235 §4.4.
    var element: XMLElement {
        var element = XMLElement(DialogNames.dialog)
        element[attribute: DialogNames.id] = id
        element[attribute: DialogNames.callID] = callID
        element[attribute: DialogNames.localTag] = localTag
        element[attribute: DialogNames.remoteTag] = remoteTag
        element[attribute: DialogNames.direction] = direction?.rawValue
        var stated = XMLElement(DialogNames.state, children: [.text(state.rawValue)])
        stated[attribute: DialogNames.event] = event?.rawValue
        stated[attribute: DialogNames.code] = code.map(String.init)
        element.append(stated)
        if let replaces { element.append(replaces.element) }
        if let referredBy { element.append(referredBy.element(DialogNames.referredBy)) }
        if !routeSet.isEmpty {
            let hops = routeSet.map { XMLNode.element(XMLElement(DialogNames.hop, children: [.text($0)])) }
            element.append(XMLElement(DialogNames.routeSet, children: hops))
        }
        if let local { element.append(local.element(DialogNames.local)) }
        if let remote { element.append(remote.element(DialogNames.remote)) }
        for other in extensions { element.append(other) }
        return element
    }
}
