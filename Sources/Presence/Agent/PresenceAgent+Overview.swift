import Primitives

/// What an operator asks of a presence agent.
extension PresenceAgent {
    /// Subscriptions that watchers made by themselves, in the order in which they came, those that wait for a decision
    /// included.
    ///
    /// - Parameters:
    ///   - user: only those to what is known of this user, and those that this user has; nil for all.
    ///   - limit: how many at most.
    /// - Returns: those, and how many there are in all.
    package func subscriptions(
        concerning user: AddressOfRecord?, limit: Int
    ) -> (first: [SubscriptionOverview], total: Int) {
        let name = user?.description
        let numbers = subscriptions.filter { _, subscription in
            guard subscription.membership == nil else { return false }
            return user == nil || subscription.presentity == user || subscription.watcher == name
        }.keys.sorted()
        return (numbers.prefix(limit).map { SubscriptionOverview($0, subscriptions[$0]!) }, numbers.count)
    }

    /// The subscription of that number that a watcher made by itself.
    package func subscription(_ number: UInt64) -> SubscriptionOverview? {
        guard let subscription = subscriptions[number], subscription.membership == nil else { return nil }
        return SubscriptionOverview(number, subscription)
    }

    /// What is published here of a user, under all packages.
    package func publications(of user: AddressOfRecord) -> [PublicationOverview] {
        EventPackage.composed.flatMap { package in
            (resources[EventResource(user, package)]?.publications ?? []).map {
                PublicationOverview(
                    resource: $0.resource, modified: $0.modified, expires: $0.expires, document: $0.body)
            }
        }
    }

    /// What other nodes say of a user's presence, as far as somebody watches it here.
    package func sources(of user: AddressOfRecord) -> [SourceOverview] {
        (resources[EventResource(user)]?.remotes ?? []).map {
            SourceOverview(
                source: $0.source, version: $0.version, hasState: $0.state != nil, isReachable: $0.isReachable)
        }
    }

    /// Whether a user has rules.
    package func hasRules(_ user: AddressOfRecord) -> Bool { policies[user] != nil }

    /// Ends a subscription because the operator wants it.
    ///
    /// RFC 6665 §4.1.3: `deactivated` has the watcher subscribe anew at once, `rejected` has it not try again.
    mutating func endSubscription(
        _ number: UInt64, rejected: Bool, at now: Instant, _ actions: inout [Action]
    ) {
        guard let subscription = subscriptions[number], subscription.membership == nil else { return }
        guard !rejected else { return reject(number, .ended, at: now, &actions) }
        guard subscription.isLive else { return endWaiting(number, .giveup, at: now, &actions) }
        subscriptions[number]!.end(.deactivated, reason: "deactivated")
        end(number, .ended, at: now, &actions)
        needsNotify(number, at: now, &actions)
    }
}
