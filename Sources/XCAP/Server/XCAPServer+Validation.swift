import XMLTree

extension XCAPServer {
    /// Whether a document may be stored (RFC 4825 §8.2.5): first the schema, then what the application usage demands
    /// beyond it.
    ///
    /// - Parameter sent: whether it came whole from the client, or is what became of the stored one.
    func validate(
        _ bytes: [UInt8], _ usage: any ApplicationUsage, _ context: ValidationContext, sent: Bool
    ) throws(XCAPFailure) {
        let document = try parse(bytes, sent: sent)
        do {
            try usage.schema.validate(bytes)
        } catch { throw .conflict(ConflictReport(.schemaValidationError, phrase: error.description)) }
        do {
            try usage.checkConstraints(document.root, in: context)
        } catch { throw .conflict(error) }
    }

    /// A document that is no XML is told from one that is, but in another encoding than UTF-8 (§8.2.2). The other
    /// limits are this server's own, and so constraints.
    private func parse(_ bytes: [UInt8], sent: Bool) throws(XCAPFailure) -> XMLDocument {
        if sent, String(validating: bytes, as: UTF8.self) == nil { throw .conflict(ConflictReport(.notUTF8)) }
        // This comes before the parser, which takes long over many attributes. What is malformed the parser explains.
        let markup: DocumentMarkup?
        do {
            markup = try DocumentMarkup(bytes)
        } catch {
            if error == .tooLarge { throw .conflict(.tooManyNodes) }
            markup = nil
        }
        let document: XMLDocument
        do {
            document = try XMLDocument(parsing: bytes, limits: limits.document)
        } catch {
            switch error {
            case .notWellFormed where sent:
                throw .conflict(ConflictReport(.notWellFormed, phrase: error.description))
            case .notWellFormed, .hasDocumentType, .tooDeep, .tooLarge, .outOfMemory:
                throw .conflict(ConflictReport(.constraintFailure, phrase: error.description))
            }
        }
        if sent, DocumentEncoding.isDeclaredOther(bytes) { throw .conflict(ConflictReport(.notUTF8)) }
        // Nodes of the document can only be served if it can be taken apart.
        guard markup != nil else { throw .conflict(ConflictReport(.notWellFormed)) }
        return document
    }

    /// What an edit made of a document that was taken apart before, and so can be again, unless it has grown too large.
    static func markup(ofEdited bytes: [UInt8]) throws(XCAPFailure) -> DocumentMarkup {
        do {
            return try DocumentMarkup(bytes)
        } catch { throw .conflict(.tooManyNodes) }
    }

    /// A document that is what it was before, to the byte, is not stored again.
    func outcome(_ bytes: [UInt8], _ present: StoredDocument?, status: Int) -> XCAPOutcome {
        let document = StoredDocument(bytes: bytes, tag: entityTag(of: bytes))
        return XCAPOutcome(
            response: XCAPResponse(status: status, entityTag: document.tag),
            change: document == present ? nil : .store(document), basis: present?.tag)
    }
}
