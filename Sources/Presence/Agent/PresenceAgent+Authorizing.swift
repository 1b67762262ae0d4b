import Primitives
import SIPMessages

/// Who may watch whom (RFC 3856 §6.6.2, RFC 5025 §3.2.1).
extension PresenceAgent {
    mutating func setRules(
        of user: AddressOfRecord, _ ruleset: Ruleset?, externalLists: [String: Set<AddressOfRecord>], at now: Instant,
        _ actions: inout [Action]
    ) {
        let authorization = ruleset.map { PresenceAuthorization($0, externalLists: externalLists) }
        let isNews = authorization == nil && configuration.waitsForRules && !withoutRules.contains(user)
        guard isNews || authorization != policies[user]?.authorization else { return }
        let key = Array(user.description.utf8)
        if let authorization {
            withoutRules.remove(user)
            actions.append(.persist(.rules, key: key, value: authorization.encoded))
        } else if configuration.waitsForRules {
            withoutRules.insert(user)
            actions.append(.persist(.rules, key: key, value: PresenceAuthorization.noRules))
        } else {
            actions.append(.forget(.rules, key: key))
        }
        policies[user] = authorization.map { Policy(authorization: $0) }
        rulesMayDecideAnew(for: user, at: now, &actions)
    }

    /// Applies what the rules say now: they changed, or a period of validity began or ended.
    mutating func rulesMayDecideAnew(for user: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        _ = takeSphere(of: user, from: resources[EventResource(user)]?.shownStates ?? [])
        if let next = policies[user]?.authorization.ruleset.nextChange(after: now) {
            deadlines.set(.rules(user), to: next)
        } else {
            deadlines.remove(.rules(user))
        }
        let period = policies[user]?.authorization.ruleset.lastChange(upTo: now)
        policies[user]?.period = period ?? Instant(nanoseconds: 0)
        authorize(user, at: now, &actions)
        for package in EventPackage.composed { tellWatchers(of: EventResource(user, package), at: now, &actions) }
        renewClasses(of: user, at: now, &actions)
    }

    /// Takes what a user is engaged in out of its presence, if its rules ask for that.
    /// - Returns: whether it is something else than before.
    mutating func takeSphere(of user: AddressOfRecord, from states: [any Sendable]) -> Bool {
        guard let policy = policies[user], policy.authorization.ruleset.usesSphere else { return false }
        let sphere = Sphere.agreed(by: states.lazy.compactMap { $0 as? PresenceDocument })
        policies[user]!.sphere = sphere
        return sphere != policy.sphere
    }

    /// What a presentity's rules say to a subscription.
    func decision(on subscription: Subscription, at now: Instant) -> AccessDecision {
        if subscription.list != nil {
            // RFC 5363 §5.2: who has a server do much with one request must have proved who it is. Rules decide about the
            // members; between nodes there are no lists, since rules act where the watchers are.
            guard case .authenticated = subscription.identity, !subscription.isOverlay else {
                return AccessDecision(byDefault: .block)
            }
            return AccessDecision(byDefault: .allow)
        }
        let isOwner = subscription.identity == .authenticated(subscription.presentity)
        switch subscription.package.access {
        case .owner:
            let isAllowed = isOwner && !subscription.isOverlay || subscription.isNode
            return AccessDecision(byDefault: isAllowed ? .allow : .block)
        case .rules:
            // Nodes that know the rules apply them to those who watch there, and nobody has to let themselves in.
            if isOwner || subscription.isNode { return AccessDecision(byDefault: .allow) }
        }
        guard isRuledHere(subscription.presentity) else {
            // Who publishes decides what this watcher may know; all that arrives here is for them.
            return AccessDecision(byDefault: .allow)
        }
        return decision(on: subscription.identity, of: subscription.presentity, at: now)
    }

    /// What the rules of a user, where they have any, say about somebody.
    func decision(on watcher: WatcherIdentity, of user: AddressOfRecord, at now: Instant) -> AccessDecision {
        guard let policy = policies[user] else {
            return AccessDecision(byDefault: withoutRules(watcher, of: user))
        }
        let request = AccessRequest(
            watcher: watcher, sphere: policy.sphere, time: now,
            externalLists: policy.authorization.externalLists)
        return policy.authorization.ruleset.decision(on: request, otherwise: configuration.unmatched)
    }

    /// What a user's rules say to another user; nil while they are not known here yet.
    package func handling(
        of sender: AddressOfRecord, by user: AddressOfRecord, at now: Instant
    ) -> SubscriptionHandling? {
        if sender == user { return .allow }
        guard isRuledHere(user) else { return .block }
        let isKnown = policies[user] != nil || !configuration.waitsForRules || withoutRules.contains(user)
        return isKnown ? decision(on: .authenticated(sender), of: user, at: now).handling : nil
    }

    /// Whether the rules of a presentity would be known here.
    func isRuledHere(_ presentity: AddressOfRecord) -> Bool {
        configuration.ruledUsers?.contains(presentity) ?? configuration.domains?.contains(presentity.host) ?? true
    }

    /// What becomes of a watcher of a presentity that has said nothing. Only who is authenticated is of a domain.
    private func withoutRules(_ identity: WatcherIdentity, of user: AddressOfRecord) -> SubscriptionHandling {
        var handling = configuration.strangers
        if case .authenticated(let watcher) = identity, watcher.host == user.host {
            handling = configuration.colleagues ?? configuration.strangers
        }
        // Nobody knows yet what the presentity said.
        let isKnown = !configuration.waitsForRules || withoutRules.contains(user)
        return isKnown ? handling : min(handling, .confirm)
    }

    /// Says what was decided, unless it is the default to allow.
    func observe(_ decision: AccessDecision, on subscription: Subscription, _ actions: inout [Action]) {
        guard subscription.package.access == .rules, decision.handling != .allow || !decision.decidedBy.isEmpty else {
            return
        }
        actions.append(
            .observe(
                .decided(
                    watcher: subscription.watcher, subscription.resource, decision.handling,
                    rules: decision.decidedBy)))
    }

    /// Lets the rules decide anew about everybody who watches a user, or waits to.
    mutating func authorize(_ user: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        for package in EventPackage.composed where package.access == .rules {
            authorize(EventResource(user, package), at: now, &actions)
        }
    }

    private mutating func authorize(_ resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        for number in resources[resource]?.watchers ?? [] { authorizeWatcher(number, at: now, &actions) }
        for number in resources[resource]?.waiting ?? [] {
            guard let subscription = subscriptions[number] else { continue }
            // RFC 3857 §4.7.1: whatever is decided about one that waits, it has not to be remembered any more.
            switch decision(on: subscription, at: now).handling {
            case .block: endWaiting(number, .rejected, at: now, &actions)
            case .confirm: break
            case .politeBlock, .allow: endWaiting(number, .approved, at: now, &actions)
            }
        }
    }

    private mutating func authorizeWatcher(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard var subscription = subscriptions[number] else { return }
        let decision = decision(on: subscription, at: now)
        guard decision != subscription.decision else { return }
        subscription.decision = decision
        observe(decision, on: subscription, &actions)
        let before = subscription.state
        switch (decision.handling, before.status) {
        case (.block, _):
            subscriptions[number] = subscription
            return reject(number, .rejected, at: now, &actions)
        // RFC 5025 §3.2.1: back to pending, without a reason and without another document.
        case (.confirm, .active): subscription.state.suspend()
        // RFC 5025 §3.2.1: what is approved becomes active and is told the state.
        case (.politeBlock, .pending), (.allow, .pending): subscription.state.take(.approved)
        default: break
        }
        // RFC 6446 §5.2: that it became active does not wait.
        if subscription.state.status == .active { subscription.quietUntil = now }
        // The journal need not hear of it: after a restart the rules decide anew.
        subscriptions[number] = subscription
        guard subscription.state != before else { return }
        inform(about: subscription, at: now, &actions)
        needsNotify(number, at: now, &actions)
    }

    /// Has the rules decide about a last NOTIFY with the state: they may have changed since the subscription ended and was
    /// among the watchers no more.
    func decideOnLast(_ subscription: inout Subscription, at now: Instant) {
        guard subscription.ending?.withState == true else { return }
        let decision = decision(on: subscription, at: now)
        subscription.decision = decision
        if decision.handling < .politeBlock { subscription.ending?.withState = false }
    }

    /// RFC 6665 §4.1.3: `rejected` ends a subscription because of policy; its watcher should not subscribe again.
    mutating func reject(
        _ number: UInt64, _ reason: PresenceObservation.StopReason, at now: Instant, _ actions: inout [Action]
    ) {
        guard let subscription = subscriptions[number] else { return }
        guard subscription.state.status != .waiting else { return endWaiting(number, .rejected, at: now, &actions) }
        // The last NOTIFY of one that ended before, if it is still to come, tells the state no more either.
        subscriptions[number]!.end(.rejected, reason: "rejected")
        guard subscription.isLive else { return }
        end(number, reason, at: now, &actions)
        needsNotify(number, at: now, &actions)
    }
}
