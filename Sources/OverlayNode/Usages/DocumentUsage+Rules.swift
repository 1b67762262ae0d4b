import Presence
import Primitives
import XCAP

/// What users say of who may watch them, out of their documents.
extension DocumentUsage {
    /// Where rules are, the place that counts first (RFC 5025 §9; Presence XDM 1.1 of the Open Mobile Alliance).
    private static let places = [
        (auid: PresRulesUsage().auid, filename: "index"), (auid: OMAPresRulesUsage().auid, filename: "pres-rules"),
    ]

    /// Whether a document says who may watch a user, or which lists there are. One that was deleted, or can't be read, does
    /// not tell what it was.
    static func isConcerned(_ document: HeldDocument?) -> Bool {
        guard let auid = document?.selector?.auid else { return true }
        return (places.map(\.auid) + [ResourceListsUsage().auid, RLSServicesUsage().auid]).contains(auid)
    }

    /// A document of a user's is there, is another now, or has gone: nil for one that was not known.
    mutating func changed(
        _ document: HeldDocument?, of user: AddressOfRecord, _ accounts: AccountUsage, into actions: inout [Action]
    ) {
        guard users[user]?.isLoaded == true else { return }
        tellManualState(of: user, into: &actions)
        guard Self.isConcerned(document) else { return tellChanges(of: user, into: &actions) }
        tell(of: user, accounts, into: &actions)
    }

    /// Says what the user's documents are, and what they say of watchers and lists, as soon as all of them are at hand.
    mutating func tell(of user: AddressOfRecord, _ accounts: AccountUsage, into actions: inout [Action]) {
        tellManualState(of: user, into: &actions)
        tellChanges(of: user, into: &actions)
        let incomplete = users[user]?.held.values.filter { $0.isIncomplete && Self.isConcerned($0) } ?? []
        guard incomplete.allSatisfy(\.isLost) else { return fetchParts(of: user, into: &actions) }
        // What a lost document said stays in force: without it others might be understood as they were not meant.
        guard incomplete.isEmpty else { return }
        tellRules(of: user, into: &actions)
        tellLists(of: user, accounts, into: &actions)
    }

    /// Says what the rules of a user are; nothing when they can't be read, so that the last good ones stay.
    func tellRules(of user: AddressOfRecord, into actions: inout [Action]) {
        guard let known = users[user] else { return }
        let documents = Self.places.lazy.compactMap { place in
            DocumentSelector(auid: place.auid, tree: .user(user), path: [place.filename]).flatMap { known[$0]?.content }
        }
        guard let document = documents.first else {
            return actions.append(.rules(user, nil, externalLists: [:]))
        }
        do throws(RulesetError) {
            let ruleset = try Ruleset(parsing: document.bytes)
            actions.append(.rules(user, ruleset, externalLists: members(of: ruleset.externalLists, of: user, known)))
        } catch {
            actions.append(
                .observe(
                    Observation(
                        .warning, "rules-unreadable",
                        "the rules of \(user) can't be read, those before them stay in force: \(error)")))
        }
    }

    /// The lists that rules refer to, as far as they are the user's own.
    private func members(
        of lists: Set<String>, of user: AddressOfRecord, _ known: UserDocuments
    ) -> [String: Set<AddressOfRecord>] {
        var resolver = ListResolver(known, of: user)
        var members: [String: Set<AddressOfRecord>] = [:]
        for list in lists { members[list] = resolver.members(ofListAt: list) }
        return members
    }
}
