import Primitives

/// The end of a user.
extension PresenceAgent {
    mutating func remove(_ user: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        removePublications(of: user, at: now, &actions)
        let watcher = user.description
        // Users are removed far too seldom for an index of subscriptions by their watchers.
        for number in subscriptions.keys.filter({ subscriptions[$0]?.watcher == watcher }).sorted() {
            reject(number, at: now, &actions)
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

    /// RFC 6665 §4.1.3: `rejected` ends a subscription because of policy; its watcher should not subscribe again.
    private mutating func reject(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard let subscription = subscriptions[number] else { return }
        // The last NOTIFY of one that ended before, if it is still to come, tells the state no more either.
        subscriptions[number]!.phase = .terminated(reason: "rejected", withState: false)
        guard subscription.isActive else { return }
        end(number, .removed, at: now, &actions)
        needsNotify(number, at: now, &actions)
    }
}
