import XMLTree

/// An element or attribute as it is in a document.
package enum SelectedComponent: Hashable, Sendable {
    /// As it can stand outside its document.
    case element(XMLElement)
    case attribute(String)
}

extension XCAPServer {
    /// The element or attribute that was selected of a document; nil when there is none.
    package func component(_ selection: ChangeSelection, in document: SelectableDocument) -> SelectedComponent? {
        guard let selector = selection.documentOfComponent,
            let usage = usages.first(where: { $0.auid == selector.auid }),
            let node = selection.node(defaultNamespace: usage.defaultNamespace, limits: limits)
        else { return nil }
        return document.component(at: node)
    }
}
