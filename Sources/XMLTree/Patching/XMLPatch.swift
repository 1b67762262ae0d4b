/// A list of changes to a document: the XML patch operations of RFC 5261.
package struct XMLPatch: Hashable, Sendable {
    private let operations: [XMLPatchOperation]
    private let limits: XMLPatchLimits
    /// The root of the diff document without what is in it: operations that are reported need its declarations.
    private let tag: XMLElement

    /// Reads the operations of a diff document.
    ///
    /// - Parameters:
    ///   - diff: the root of the document. Its child elements are operations.
    ///   - namespace: that of the operations, which is that of the format that includes them (RFC 5261 §3).
    package init(
        reading diff: XMLElement, namespace: String, limits: XMLPatchLimits = .standard
    ) throws(XMLPatchError) {
        tag = XMLElement(diff.name, prefix: diff.prefix, declarations: diff.declarations)
        let scope = NamespaceScope(in: [diff])
        var operations: [XMLPatchOperation] = []
        for child in diff.children {
            guard case .element(let element) = child else {
                guard child.isIgnorable else { throw XMLPatchError(.invalidDiffFormat, "text between operations") }
                continue
            }
            guard operations.count < limits.operations else {
                throw XMLPatchError(.invalidDiffFormat, "more operations than are accepted")
            }
            do {
                operations.append(try XMLPatchOperation(element, namespace: namespace, in: scope, limits: limits))
            } catch {
                throw XMLPatchError(error.condition, error.phrase, operation: element.detached(from: [tag]))
            }
        }
        self.operations = operations
        self.limits = limits
    }

    /// The document with all operations applied, one after the other (RFC 5261 §4). If one fails, none counts.
    package func applied(
        to document: XMLDocument, context: XMLPatchContext = XMLPatchContext()
    ) throws(XMLPatchError) -> XMLDocument {
        var root = document.root
        var budget = EvaluationBudget(steps: limits.steps)
        for operation in operations {
            do {
                let target = try operation.selector.target(in: root, context, &budget)
                try operation.apply(at: target, to: &root, limits.document, &budget)
            } catch {
                throw XMLPatchError(error.condition, error.phrase, operation: operation.element.detached(from: [tag]))
            }
        }
        guard root.weight(upTo: limits.document.size) <= limits.document.size else {
            throw XMLPatchError(.invalidDiffFormat, "the patched document is too large")
        }
        return XMLDocument(root: root)
    }
}
