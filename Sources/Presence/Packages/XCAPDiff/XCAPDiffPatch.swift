import XMLTree

/// What makes one version of an XCAP document of another: operations of RFC 5261, as they stand in a `<document>`.
package struct XCAPDiffPatch: Hashable, Sendable {
    /// What its content needs declared around it.
    let declarations: [XMLDeclaration]
    /// None where the documents differ in bytes and in nothing that means anything.
    let operations: [XMLElement]
    /// Roughly, in bytes.
    let size: Int

    /// - Returns: nil when patching would not give the new document, or would cost more than to fetch it.
    init?(from old: [UInt8], to new: [UInt8]) {
        guard let before = try? XMLDocument(parsing: old), let after = try? XMLDocument(parsing: new) else {
            return nil
        }
        // Whatever else the prefix stands for in the document, the operations have it here.
        declarations = after.root.declarations.filter { $0.prefix != XCAPDiffDocument.prefix }
        let vocabulary = PatchVocabulary(
            namespace: XCAPDiffDocument.namespace, prefix: XCAPDiffDocument.prefix,
            scope: [XCAPDiffDocument.declaration] + declarations)
        guard let operations = DocumentDiffer.operations(from: before.root, to: after.root, in: vocabulary) else {
            return nil
        }
        self.operations = operations
        var root = XMLElement(
            XCAPDiffDocument.document, prefix: XCAPDiffDocument.prefix, declarations: vocabulary.scope)
        root.children = operations.map { .element($0) }
        let written = XMLDocument(root: root).serialized
        var writer = XMLWriter(scope: vocabulary.scope)
        for operation in operations { writer.write(operation) }
        size = writer.bytes.count
        guard size < new.count, Self.patched(before, with: written)?.serialized == after.serialized else { return nil }
    }

    /// What a subscriber makes of it. Prefixes have ways to mean something else in another place; rather than to foresee
    /// them all, what would be sent is read back.
    private static func patched(_ document: XMLDocument, with written: [UInt8]) -> XMLDocument? {
        guard let root = try? XMLDocument(parsing: written).root else { return nil }
        return try? XMLPatch(reading: root, namespace: XCAPDiffDocument.namespace).applied(to: document)
    }
}
