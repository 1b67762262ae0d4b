import Presence
import Primitives
import XCAP

/// Telling subscribers of changes of their documents (RFC 5875), whichever gateway they were made at.
extension DocumentUsage {
    /// Somebody wants to know what there is at these URIs of a user's documents, and when that changes. The number is
    /// theirs; the URIs are in place of those that came under it before.
    package mutating func followChanges(
        _ number: UInt64, of user: AddressOfRecord, _ uris: [String], accounts: AccountUsage,
        into actions: inout [Action]
    ) {
        guard let server, accounts.account(user) != nil else {
            return actions.append(.documents(number, [], unknown: []))
        }
        // RFC 5875 §4.7: what a subscriber may not read is left out. What others wrote, nobody may.
        let selections = uris.compactMap { ChangeSelection($0, root: server.root, limits: server.limits) }
        changeWatches[number] = ChangeWatch(user: user, selections: selections)
        changeWatchers[user, default: []].insert(number)
        follow(user, .noticing, accounts: accounts, into: &actions)
        guard let known = users[user], known.reasons.contains(.noticing) else {
            return actions.append(.documents(number, [], unknown: []))
        }
        tellChanges(of: user, to: [number], into: &actions)
    }

    /// Whoever has that number does not want to know any longer.
    package mutating func unfollowChanges(_ number: UInt64, at now: Instant) {
        guard let user = changeWatches.removeValue(forKey: number)?.user else { return }
        changeWatchers[user]?.remove(number)
        guard changeWatchers[user]?.isEmpty == true else { return }
        changeWatchers[user] = nil
        unfollow(user, .noticing, at: now)
    }

    /// Tells all who want to know what there is of a user's documents, as soon as all of them are at hand.
    mutating func tellChanges(of user: AddressOfRecord, into actions: inout [Action]) {
        guard let numbers = changeWatchers[user] else { return }
        tellChanges(of: user, to: numbers.sorted(), into: &actions)
    }

    private mutating func tellChanges(of user: AddressOfRecord, to numbers: [UInt64], into actions: inout [Action]) {
        guard let server, let known = users[user], known.isLoaded else { return }
        guard known.held.values.allSatisfy({ !$0.isIncomplete || $0.isLost }) else {
            return fetchParts(of: user, into: &actions)
        }
        var documents = known.documents.map { ListedDocument($0.selector, $0.bytes, server) }
        let lost = known.held.values.filter(\.isIncomplete).compactMap(\.selector)
        for number in numbers {
            guard let watch = changeWatches[number] else { continue }
            let resources = Self.resources(of: watch, among: &documents, server)
            let unknown =
                lost.compactMap(watch.name)
                + watch.selections.filter { $0.documentOfComponent.map(lost.contains) == true }.map(\.uri)
            actions.append(.documents(number, resources, unknown: Set(unknown)))
        }
    }

    /// A document that is looked at for several subscribers.
    private struct ListedDocument {
        let selector: DocumentSelector
        let bytes: [UInt8]
        let tag: String
        private var tree: SelectableDocument??

        init(_ selector: DocumentSelector, _ bytes: [UInt8], _ server: XCAPServer) {
            self.selector = selector
            self.bytes = bytes
            tag = server.entityTag(of: bytes).opaque
        }

        mutating func component(_ selection: ChangeSelection, _ server: XCAPServer) -> XCAPResource.Content? {
            if tree == nil { tree = .some(SelectableDocument(bytes, limits: server.limits)) }
            switch tree.flatMap({ $0 }).flatMap({ server.component(selection, in: $0) }) {
            case .element(let element)?: return .element(element)
            case .attribute(let value)?: return .attribute(value)
            case nil: return nil
            }
        }
    }

    private static func resources(
        of watch: ChangeWatch, among documents: inout [ListedDocument], _ server: XCAPServer
    ) -> [XCAPResource] {
        var resources = documents.compactMap { document in
            watch.name(of: document.selector).map {
                XCAPResource($0, .document(tag: document.tag, bytes: document.bytes))
            }
        }
        for selection in watch.selections {
            guard let selector = selection.documentOfComponent, selector.owner == watch.user,
                let position = documents.firstIndex(where: { $0.selector == selector }),
                let content = documents[position].component(selection, server)
            else { continue }
            resources.append(XCAPResource(selection.uri, content))
        }
        return resources
    }
}
