/// What a patch from a peer may cost.
package struct XMLPatchLimits: Hashable, Sendable {
    /// The most operations of a patch.
    package var operations: Int
    /// The longest selector, in bytes.
    package var selector: Int
    /// The most predicates of one step of a selector.
    package var predicates: Int
    /// About how many nodes all operations together may look at.
    package var steps: Int
    /// The document that comes out: its size, roughly in bytes, and how deep its elements are nested.
    package var document: XMLLimits

    package init(operations: Int, selector: Int, predicates: Int, steps: Int, document: XMLLimits) {
        self.operations = operations
        self.selector = selector
        self.predicates = predicates
        self.steps = steps
        self.document = document
    }

    /// A change of a presence document takes a handful of operations, each of which walks past some tens of elements.
    package static let standard = XMLPatchLimits(
        operations: 256, selector: 1024, predicates: 8, steps: 200_000, document: .standard)
}
