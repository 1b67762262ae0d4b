/// Why a patch could not be applied (RFC 5261 §5.1).
package struct XMLPatchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The error conditions, as the elements are called that stand for them. What only an agent that reads document types,
    /// or keeps what stands around the root, could come across is missing.
    package enum Condition: String, Hashable, CaseIterable, Sendable {
        case invalidAttributeValue = "invalid-attribute-value"
        case invalidDiffFormat = "invalid-diff-format"
        case invalidNamespacePrefix = "invalid-namespace-prefix"
        case invalidNamespaceURI = "invalid-namespace-uri"
        case invalidNodeTypes = "invalid-node-types"
        case invalidPatchDirective = "invalid-patch-directive"
        case invalidRootElementOperation = "invalid-root-element-operation"
        case invalidXMLPrologOperation = "invalid-xml-prolog-operation"
        case invalidWhitespaceDirective = "invalid-whitespace-directive"
        case unlocatedNode = "unlocated-node"
        case unsupportedIDFunction = "unsupported-id-function"
    }

    package var condition: Condition
    /// For a person.
    package var phrase: String
    /// The operation that failed, as it stands in the diff document; nil when it was the document as a whole.
    package var operation: XMLElement?

    package init(_ condition: Condition, _ phrase: String, operation: XMLElement? = nil) {
        self.condition = condition
        self.phrase = phrase
        self.operation = operation
    }

    package var description: String { "\(condition.rawValue): \(phrase)" }

    package static let contentType = "application/patch-ops-error+xml"
    private static let namespace = "urn:ietf:params:xml:ns:patch-ops-error"

    /// The document that tells a peer (RFC 5261 §5.1 and §9).
    package var document: XMLDocument {
        var error = XMLElement(XMLName(condition.rawValue, in: Self.namespace))
        error[attribute: XMLName("phrase")] = phrase
        // RFC 5261 §9: all conditions but that of the whole document hold the operation that failed.
        if condition != .invalidDiffFormat, let operation { error.append(operation) }
        var root = XMLElement(
            XMLName("patch-ops-error", in: Self.namespace), declarations: [XMLDeclaration(namespace: Self.namespace)])
        root.append(error)
        return XMLDocument(root: root)
    }
}
