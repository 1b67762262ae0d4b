import XMLTree

/// One end of a dialog (RFC 4235 §4.1.6).
///
/// The session description is not kept: RFC 4235 §4.1.6.3 has it only for those who ask for it.
package struct DialogParticipant: Hashable, Sendable {
    /// RFC 4235 §4.4: a document holds one, whatever the text says of several.
    package var identity: DialogIdentity?
    package var target: DialogTarget?
    /// Elements of other namespaces, as they can stand anywhere.
    package var extensions: [XMLElement] = []

    package init(identity: DialogIdentity? = nil, target: DialogTarget? = nil) {
        self.identity = identity
        self.target = target
    }

    init(parsing element: XMLElement, in ancestors: [XMLElement]) {
        identity = element.first(DialogNames.identity).flatMap { DialogIdentity(parsing: $0) }
        target = element.first(DialogNames.target).flatMap { DialogTarget(parsing: $0) }
        extensions = ObservedDialog.extensions(of: element, in: ancestors)
    }

    func element(_ name: XMLName) -> XMLElement {
        var element = XMLElement(name)
        // RFC 4235 §4.4 gives the order.
        if let identity { element.append(identity.element(DialogNames.identity)) }
        if let target { element.append(target.element) }
        for other in extensions { element.append(other) }
        return element
    }

    /// Takes over what this description lacks.
    mutating func fill(from other: DialogParticipant) {
        if identity == nil { identity = other.identity }
        if target == nil { target = other.target }
        if extensions.isEmpty { extensions = other.extensions }
    }
}
