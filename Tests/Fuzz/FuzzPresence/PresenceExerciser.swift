import Presence
import Primitives
import XMLTree

/// Does to a document, changes of it and filters what a presence agent would, and says which promise was broken.
///
/// The three stand one behind the other with a line of four dashes between them.
struct PresenceExerciser {
    /// The first broken promise; nil while all are kept.
    private(set) var complaint: String?

    private static let user = AddressOfRecord("user@example.com")!

    init(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: Array("\n----\n".utf8), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return }
        let document = Array(parts[0])
        let filters = Self.filters(Array(parts[2]))
        let present = (try? PartialPublication.document(from: document, present: nil)) ?? document
        filter(present, present, filters)
        guard let patched = try? PartialPublication.document(from: Array(parts[1]), present: present) else { return }
        expectStable(patched, "patched document")
        filter(present, patched, filters)
        tell(present, patched)
    }

    private mutating func expect(_ holds: Bool, _ what: @autoclosure () -> String) {
        if !holds, complaint == nil { complaint = what() }
    }

    /// What is written reads back as itself.
    private mutating func expectStable(_ bytes: [UInt8], _ what: String) {
        let limits = XMLLimits(size: .max, depth: XMLLimits.standard.depth)
        let again = try? XMLDocument(parsing: bytes, limits: limits)
        expect(again?.serialized == bytes, "\(what): not itself again")
    }

    private static func filters(_ body: [UInt8]) -> FilterSet {
        var filters = FilterSet()
        try? filters.take(body, for: user, package: "presence")
        return filters
    }

    private mutating func filter(_ old: [UInt8], _ new: [UInt8], _ filters: FilterSet) {
        guard let before = try? XMLDocument(parsing: old).root, let after = try? XMLDocument(parsing: new).root,
            let filter = filters.filter(for: Self.user, requested: Self.user)
        else { return }
        _ = filter.isTriggered(from: before, to: after)
        if let content = filter.content(of: after, .presence) {
            expectStable(XMLDocument(root: content).serialized, "filtered document")
        }
        var again = FilterSet()
        for document in filters.documents { try? again.take(document, for: Self.user, package: "presence") }
        expect(again.documents == filters.documents, "kept filters are not themselves again")
    }

    /// A watcher ends up with what it was to be told.
    private mutating func tell(_ old: [UInt8], _ new: [UInt8]) {
        guard let before = try? PresenceDocument(parsing: old), let after = try? PresenceDocument(parsing: new) else {
            return
        }
        let documents = [before, after].map { Composition.document(of: Self.user, from: [$0]) }
        guard documents.allSatisfy({ $0.count < XMLLimits.standard.size / 2 }) else { return }
        var notifier = PartialNotifications()
        var changes = PresenceChanges()
        var watcher = PartialPresenceCopy()
        for document in documents {
            guard let body = notifier.next(document, &changes) else { return expect(false, "nothing to tell") }
            let expected = (try? XMLDocument(parsing: document).serialized).map {
                PartialPresenceCopy.Outcome.changed($0)
            }
            expect(watcher.take(body) == expected, "the watcher sees something else")
        }
    }
}
