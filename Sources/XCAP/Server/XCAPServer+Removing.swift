extension XCAPServer {
    /// DELETE (RFC 4825 §8.4).
    func remove(
        _ request: XCAPRequest, _ target: RequestTarget, _ present: StoredDocument?, _ context: ValidationContext
    ) throws(XCAPFailure) -> XCAPOutcome {
        guard let present else { throw .notFound }
        guard let node = target.node else {
            try checkConditions(of: request, present)
            return XCAPOutcome(response: XCAPResponse(status: 200), change: .delete, basis: present.tag)
        }
        let markup = try markup(of: present)
        let range = try range(of: node, in: markup)
        try checkConditions(of: request, present)

        // White space around the node stays (§8.4).
        let bytes = markup.replacing(range, with: [])
        guard node.steps.count > 1 || node.terminal != nil else {
            throw .conflict(ConflictReport(.schemaValidationError, phrase: "a document needs its root element"))
        }
        // Deleting once more must find nothing, or the request would not be idempotent (§7.5).
        if selectsSomething(node, in: try Self.markup(ofEdited: bytes)) {
            throw .conflict(ConflictReport(.cannotDelete, phrase: "the URI would then select another element"))
        }
        try validate(bytes, target.usage, context, sent: false)
        return outcome(bytes, present, status: 200)
    }

    private func range(of node: NodeSelector, in markup: DocumentMarkup) throws(XCAPFailure) -> Range<Int> {
        let range =
            switch node.terminal {
            case nil: node.elements(in: markup)?.last?.range
            case .attribute: node.attribute(in: markup)?.range
            case .namespaces: Range<Int>?.none
            }
        guard let range else { throw .notFound }
        return range
    }

    private func selectsSomething(_ node: NodeSelector, in markup: DocumentMarkup) -> Bool {
        if node.terminal != nil { return node.attribute(in: markup) != nil }
        return node.selection(in: markup, steps: node.steps.count) != .noMatch
    }
}
