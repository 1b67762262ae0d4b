import Primitives
import XCAP
import XMLTree

/// Documents that nobody writes: they are made from those that are loaded.
extension DocumentUsage {
    /// The list of a user's documents.
    func directory(of known: UserDocuments) -> StoredDocument? {
        guard let server else { return nil }
        let entries = known.documents.map { document in
            XCAPDirectoryUsage.Entry(
                selector: document.selector, tag: server.entityTag(of: document.bytes), size: document.bytes.count)
        }
        return stored(XCAPDirectoryUsage.document(entries: entries, root: server.root))
    }

    /// The index of all services that this node knows of.
    func computedIndex(for source: DocumentSource) -> StoredDocument? {
        guard source == .computed(.servicesIndex) else { return nil }
        return stored(RLSServicesUsage.index(of: servicesDocuments(exceptOf: nil)))
    }

    /// Whether a URI is that of a user, or of another user's service (RFC 4826 §4.4.5). Services of users whose documents
    /// are not loaded are not known.
    func isTaken(_ owner: AddressOfRecord, _ accounts: AccountUsage) -> (String) -> Bool {
        let others = RLSServicesUsage.index(of: servicesDocuments(exceptOf: owner)).root.elements
        let taken = Set(others.compactMap { $0[attribute: XMLName("uri")] })
        return { uri in taken.contains(uri) || AddressOfRecord(uri).map { accounts.account($0) != nil } ?? false }
    }

    private func servicesDocuments(exceptOf owner: AddressOfRecord?) -> [XMLDocument] {
        users.filter { $0.key != owner }.sorted { $0.key < $1.key }.compactMap { user, known in
            guard let selector = DocumentSelector(auid: RLSServicesUsage().auid, tree: .user(user), path: ["index"])
            else { return nil }
            return known[selector]?.content.flatMap { try? XMLDocument(parsing: $0.bytes) }
        }
    }

    private func stored(_ document: XMLDocument) -> StoredDocument? {
        let bytes = document.serialized
        return server.map { StoredDocument(bytes: bytes, tag: $0.entityTag(of: bytes)) }
    }
}
