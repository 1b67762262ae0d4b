/// What the format of a patched document says that selectors depend on.
package struct XMLPatchContext: Hashable, Sendable {
    /// Names of the root element that mean the same to a selector, where a format lets senders choose.
    package var rootNames: Set<XMLName>
    /// Attributes that are XML IDs, which `id()` goes by; `xml:id` always is one.
    package var idAttributes: Set<XMLName>

    package init(rootNames: Set<XMLName> = [], idAttributes: Set<XMLName> = []) {
        self.rootNames = rootNames
        self.idAttributes = idAttributes
    }

    func isID(_ name: XMLName) -> Bool {
        idAttributes.contains(name) || (name.local == "id" && name.namespace == XMLName.xmlNamespace)
    }
}
