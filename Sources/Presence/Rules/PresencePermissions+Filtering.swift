import XMLTree

/// Privacy filtering (RFC 5025 §3.3): a document with what is permitted in it and nothing else.
///
/// It is done once, to the composed document. Doing it again would change nothing (RFC 5025 §4) but for elements that are
/// permitted by their class while the class is not shown: those can't be told any more.
extension PresencePermissions {
    /// A document written by ``Composition``, in UTF-8, as a watcher may see it; nil when it can't be read.
    package func filtered(_ document: [UInt8]) -> [UInt8]? {
        guard self != .everything else { return document }
        // It is composed of documents that were small enough each; together they are only bounded by their number.
        let limits = XMLLimits(size: document.count, depth: XMLLimits.standard.depth)
        guard let root = try? XMLDocument(parsing: document, limits: limits).root else { return nil }
        return XMLDocument(root: filtered(root)).serialized + "\n".utf8
    }

    /// `<presence>` as a watcher may see it.
    package func filtered(_ presence: XMLElement) -> XMLElement {
        guard self != .everything else { return presence }
        var kept = XMLElement(presence.name, prefix: presence.prefix)
        kept[attribute: PIDF.entity] = presence[attribute: PIDF.entity]
        for element in presence.elements {
            let kind = PresenceElement.Kind(element.name)
            guard permits(element, kind) else { continue }
            kept.append(reduced(element, kind).detached(from: [presence, element]))
        }
        return kept
    }

    private func permits(_ element: XMLElement, _ kind: PresenceElement.Kind) -> Bool {
        switch kind {
        case .tuple: services.permits(element)
        case .person: persons.permits(element)
        case .device: devices.permits(element)
        // RFC 5025 has no permission for a note about the presentity as a whole. It speaks of whoever the persons are,
        // so it takes what their notes take.
        case .note: persons == .all && shows(PIDF.dataModelNote, in: .person)
        // No permission names what stands beside tuples, persons and devices.
        case .other: false
        }
    }

    /// A child of `<presence>` that is shown, without those of its attributes and children that are not. Comments, and
    /// characters where RFC 3863 and RFC 4479 have elements only, say nothing that could be permitted.
    private func reduced(_ element: XMLElement, _ kind: PresenceElement.Kind) -> XMLElement {
        guard kind != .note else { return element }
        var kept = XMLElement(element.name, prefix: element.prefix)
        kept[attribute: PIDF.id] = element[attribute: PIDF.id]
        for child in element.elements {
            if child.name == PIDF.status, kind == .tuple {
                kept.append(reducedStatus(child).detached(from: [child]))
            } else if child.name == RPID.userInput {
                if let input = reducedUserInput(child) { kept.append(input) }
            } else if Self.isAlwaysShown(child.name, in: kind) || shows(child.name, in: kind) {
                kept.append(child)
            }
        }
        return kept
    }

    /// RFC 5025 §3.3.2: the basic status is always reported. Other children of `<status>` are attributes of the service
    /// that only the permission for all of them reaches: the one for unknown attributes is about children of `<tuple>`.
    private func reducedStatus(_ status: XMLElement) -> XMLElement {
        if attributes == .all { return status }
        return XMLElement(status.name, prefix: status.prefix, children: status.all(PIDF.basic).map { .element($0) })
    }

    /// RFC 5025 §3.3.2.12. It names the attribute `since`, which RFC 4480 §3.14 came to call `last-input`; since the next
    /// degree shows `idle-threshold` and nothing else, the one below it shows no attribute at all.
    private func reducedUserInput(_ input: XMLElement) -> XMLElement? {
        guard case .some(_, _, let permission) = attributes else { return input }
        var kept = input
        switch permission {
        case .none: return nil
        case .bare: kept.attributes = []
        case .thresholds: kept.attributes = input.attributes.filter { $0.name == RPID.idleThreshold }
        case .full: break
        }
        return kept
    }

    /// RFC 5025 §3.3.2: what no permission is needed for once the element it stands in is shown.
    private static func isAlwaysShown(_ name: XMLName, in kind: PresenceElement.Kind) -> Bool {
        switch kind {
        case .tuple: name == PIDF.contact || name == RPID.serviceClass || name == PIDF.timestamp
        case .person: name == PIDF.dataModelTimestamp
        case .device: name == PIDF.dataModelTimestamp || name == PIDF.deviceID
        case .note, .other: false
        }
    }

    private func shows(_ name: XMLName, in kind: PresenceElement.Kind) -> Bool {
        switch attributes {
        case .all: true
        case .some(let known, let unknown, _):
            unknown.contains(name) || known.contains { $0.name(in: kind) == name }
        }
    }
}
