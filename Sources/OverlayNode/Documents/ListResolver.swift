import Presence
import Primitives
import XCAP

/// Follows the references in a user's lists. They lead into resource lists documents of the same user, and nowhere else:
/// whoever writes a list must neither read others' documents through it nor make a gateway call web servers.
struct ListResolver {
    /// How many references are followed for one user; more are left out. Each costs a walk through a document.
    static let maximumReferences = 256

    private let server: XCAPServer?
    private let user: AddressOfRecord
    private let known: UserDocuments
    /// Documents that were taken apart; nil for those that can't be.
    private var documents: [DocumentSelector: SelectableDocument?] = [:]
    /// What was found; nil for nothing.
    private var found: [ListReference: ListReference.Target?] = [:]

    /// - Parameter server: whose root the references are below; without one nothing is found.
    init(_ known: UserDocuments, of user: AddressOfRecord, server: XCAPServer?) {
        self.known = known
        self.user = user
        self.server = server
    }

    /// What a reference leads to; nil when that is nothing, or nothing that is followed.
    mutating func target(of reference: ListReference) -> ListReference.Target? {
        if let target = found[reference] { return target }
        guard let server, found.count < Self.maximumReferences else { return nil }
        var documents = documents
        let element = server.listElement(at: reference.uri, of: user) { selector in
            if let document = documents[selector] { return document }
            let document = known[selector]?.content.flatMap { SelectableDocument($0.bytes, limits: server.limits) }
            documents[selector] = .some(document)
            return document
        }
        self.documents = documents
        let target = element.flatMap { ListReference.Target($0) }
        found[reference] = .some(target)
        return target
    }
}
