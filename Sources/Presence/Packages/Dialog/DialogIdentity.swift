import XMLTree

/// A URI with the name that belongs to it, as `<identity>` and `<referred-by>` have it (RFC 4235 §4.1.5, §4.1.6.1).
package struct DialogIdentity: Hashable, Sendable {
    package var uri: String
    package var displayName: String?

    package init(uri: String, displayName: String? = nil) {
        self.uri = uri
        self.displayName = displayName
    }

    /// - Returns: nil when it names nobody.
    init?(parsing element: XMLElement) {
        uri = element.text.trimmed
        guard !uri.isEmpty else { return nil }
        // RFC 4235 §4.1.6.1 calls the attribute `display`, its schema `display-name`: peers send either.
        displayName = element[attribute: DialogNames.display] ?? element[attribute: DialogNames.displayName]
        if displayName?.isEmpty == true { displayName = nil }
    }

    func element(_ name: XMLName) -> XMLElement {
        var element = XMLElement(name, children: [.text(uri)])
        // Phones read the attribute of the RFC's text, not the one of its schema.
        element[attribute: DialogNames.display] = displayName
        return element
    }
}
