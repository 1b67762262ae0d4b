import Primitives

/// The end of a user.
extension PresenceAgent {
    mutating func remove(_ user: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        removePublications(of: user, at: now, &actions)
        let watcher = user.description
        // Users are removed far too seldom for an index of subscriptions by their watchers.
        for number in subscriptions.keys.filter({ subscriptions[$0]?.watcher == watcher }).sorted() {
            reject(number, .removed, at: now, &actions)
        }
        setLists(of: user, [], at: now, &actions)
        setRules(of: user, nil, externalLists: [:], at: now, &actions)
        if withoutRules.remove(user) != nil {
            actions.append(.forget(.rules, key: Array(user.description.utf8)))
        }
    }

    private mutating func removePublications(of user: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        guard let publications = presentities[user]?.publications, !publications.isEmpty else { return }
        presentities[user]!.publications = []
        for publication in publications {
            publicationOwners[publication.key] = nil
            deadlines.remove(.publication(publication.key))
            actions.append(.forget(.publication, key: publication.key))
        }
        publicationsChanged(of: user, at: now, &actions)
    }
}
