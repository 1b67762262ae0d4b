import XMLTree

/// Reading resource lists documents (RFC 4826 §3).
extension ResourceList {
    /// Reads a document from outside. Its lists are the lists in the list that this makes.
    package init(parsing bytes: some Collection<UInt8>) throws(ResourceListsError) {
        let root: XMLElement
        do {
            root = try XMLDocument(parsing: bytes).root
        } catch {
            throw .notXML(error)
        }
        guard root.name == ResourceLists.resourceLists else { throw .wrongRoot }
        var room = Self.maximumEntries
        self.init()
        for element in root.all(ResourceLists.list) {
            items.append(.list(try ResourceList(element, depth: 1, room: &room)))
        }
    }

    /// Reads a `<list>`, whatever namespace its own name is in: RFC 4826 §4.1 has one in a service's.
    /// - Parameter room: how many more entries are accepted.
    init(_ element: XMLElement, depth: Int, room: inout Int) throws(ResourceListsError) {
        guard depth <= Self.maximumDepth else { throw .tooLarge }
        self.init(name: element[attribute: ResourceLists.name], displayName: DisplayName(in: element))
        for child in element.elements {
            guard let item = try Item(child, depth: depth, room: &room) else { continue }
            items.append(item)
        }
    }
}

extension ResourceList.Item {
    /// - Returns: nil for what is no part of the list, such as elements of other namespaces.
    fileprivate init?(_ element: XMLElement, depth: Int, room: inout Int) throws(ResourceListsError) {
        let isItem = [
            ResourceLists.list, ResourceLists.entry, ResourceLists.entryRef, ResourceLists.external,
        ].contains(element.name)
        guard isItem else { return nil }
        guard room > 0 else { throw .tooLarge }
        room -= 1
        switch element.name {
        case ResourceLists.list: self = .list(try ResourceList(element, depth: depth + 1, room: &room))
        case ResourceLists.entry:
            let uri = try Self.attribute(ResourceLists.uri, of: element)
            self = .entry(ListMember(uri: uri, displayName: DisplayName(in: element)))
        case ResourceLists.entryRef:
            self = .entryReference(try Self.attribute(ResourceLists.ref, of: element), DisplayName(in: element))
        default:
            self = .external(try Self.attribute(ResourceLists.anchor, of: element), DisplayName(in: element))
        }
    }

    private static func attribute(_ name: XMLName, of element: XMLElement) throws(ResourceListsError) -> String {
        guard let value = element[attribute: name]?.trimmed, !value.isEmpty else {
            throw .missing("\(name) of \(element.name.local)")
        }
        return value
    }
}
