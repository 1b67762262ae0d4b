import XMLTree

/// What a server can do (RFC 4825 §12).
package struct XCAPCapsUsage: ApplicationUsage {
    package init() {}

    package var auid: String { "xcap-caps" }
    package var mimeType: String { "application/xcap-caps+xml" }
    package var defaultNamespace: String { XCAPCapsSchema.namespace }
    package var schema: XMLSchema { XCAPCapsSchema.schema }

    /// A single document, in the global tree (§12.7).
    package func hasPlace(for selector: DocumentSelector) -> Bool { computed(at: selector) != nil }

    /// `index`, which the server makes.
    package func computed(at selector: DocumentSelector) -> ComputedDocument? {
        selector.tree == .global && selector.path == ["index"] ? .capabilities : nil
    }

    /// The AUIDs and namespaces of all usages. No extension of XCAP is known here, and an element for them can be left out.
    static func document(of usages: [any ApplicationUsage]) -> XMLDocument {
        var auids = element("auids")
        var namespaces = element("namespaces")
        var seen: Set<String> = []
        for usage in usages {
            auids.append(element("auid", usage.auid))
            for namespace in usage.namespaces where seen.insert(namespace).inserted {
                namespaces.append(element("namespace", namespace))
            }
        }
        var root = element("xcap-caps")
        root.append(auids)
        root.append(namespaces)
        return XMLDocument(root: root)
    }

    private static func element(_ name: String, _ text: String? = nil) -> XMLElement {
        XMLElement(XMLName(name, in: XCAPCapsSchema.namespace), children: text.map { [.text($0)] } ?? [])
    }
}
