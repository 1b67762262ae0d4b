import Primitives

/// The end of a user.
extension PresenceAgent {
    mutating func remove(_ user: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        manualStates[user] = nil
        set(nil, of: user, &actions)
        for package in EventPackage.composed { removeState(of: EventResource(user, package), at: now, &actions) }
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

    private mutating func removeState(of resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        guard let known = resources[resource] else { return }
        resources[resource]!.own = nil
        resources[resource]!.lasting = []
        resources[resource]!.publications = []
        resources[resource]!.isSeenElsewhere = false
        for publication in known.publications {
            publicationOwners[publication.key] = nil
            deadlines.remove(.publication(publication.key))
            actions.append(.forget(.publication, key: publication.key))
        }
        publicationsChanged(of: resource, at: now, &actions)
    }
}
