import Presence
import Primitives
import XCAP

/// Follows the references in a user's lists. They lead into resource lists documents of the same user, and nowhere else:
/// whoever writes a list must neither read others' documents through it nor make a gateway call web servers.
struct ListResolver {
    /// How many references are followed for one user; more are left out. Each costs a walk through a document.
    static let maximumReferences = 256

    private let user: AddressOfRecord
    private let known: UserDocuments
    /// Documents that were taken apart; nil for those that can't be.
    private var documents: [DocumentSelector: SelectableDocument?] = [:]
    /// What was found; nil for nothing.
    private var found: [ListReference: ListReference.Target?] = [:]

    init(_ known: UserDocuments, of user: AddressOfRecord) {
        self.known = known
        self.user = user
    }

    /// What a reference leads to; nil when that is nothing, or nothing that is followed.
    mutating func target(of reference: ListReference) -> ListReference.Target? {
        if let target = found[reference] { return target }
        guard found.count < Self.maximumReferences else { return nil }
        let location =
            switch reference {
            case .entry(let path): ListLocation(path: path)
            case .list(let uri): ListLocation(uri: uri)
            }
        let target = location.flatMap { location in
            document(location.document).flatMap { location.element(in: $0) }
        }.flatMap { ListReference.Target($0) }
        found[reference] = .some(target)
        return target
    }

    /// Who is in the list that a rule names by an absolute URI; nil when nobody can tell.
    mutating func members(ofListAt uri: String) -> Set<AddressOfRecord>? {
        ListLocation(uri: uri).flatMap { location in
            document(location.document).flatMap { location.members(in: $0) }
        }
    }

    /// A document of the user's, and of nobody else's.
    private mutating func document(_ selector: DocumentSelector) -> SelectableDocument? {
        guard selector.owner == user else { return nil }
        if let document = documents[selector] { return document }
        let document = known[selector]?.content.flatMap { SelectableDocument($0.bytes, limits: DocumentParts.limits) }
        documents[selector] = .some(document)
        return document
    }
}
