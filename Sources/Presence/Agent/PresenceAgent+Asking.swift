import Primitives

/// Watching presentities whose rules are known elsewhere: what other nodes tell is for one watcher each.
extension PresenceAgent {
    /// Whether other nodes are asked for each watcher.
    func isAsked(_ resource: EventResource) -> Bool { !isRuledHere(resource.user) }

    /// A watcher behind this node is there; for the first time of each, the publishers are asked on their behalf.
    mutating func beginAsking(
        _ resource: EventResource, for identity: WatcherIdentity, _ actions: inout [Action]
    ) {
        guard isAsked(resource), case .authenticated(let watcher) = identity else { return }
        resources[resource]!.asking[watcher, default: 0] += 1
        if resources[resource]!.asking[watcher] == 1 { actions.append(.ask(resource, for: watcher)) }
    }

    mutating func endAsking(
        _ resource: EventResource, for identity: WatcherIdentity, _ actions: inout [Action]
    ) {
        guard case .authenticated(let watcher) = identity, let count = resources[resource]?.asking[watcher] else {
            return
        }
        resources[resource]!.asking[watcher] = count > 1 ? count - 1 : nil
        guard count == 1 else { return }
        actions.append(.stopAsking(resource, for: watcher))
        resources[resource]!.remotes.removeAll { $0.watcher == watcher }
    }

    /// Tells one watcher what is told to nobody else.
    mutating func tell(
        _ watcher: AddressOfRecord, of resource: EventResource, at now: Instant, _ actions: inout [Action]
    ) {
        for number in resources[resource]?.watchers ?? [] {
            guard let subscription = subscriptions[number], !subscription.isOverlay,
                subscription.identity == .authenticated(watcher), subscription.state.status == .active,
                shown(to: subscription) != subscription.told
            else { continue }
            needsNotify(number, at: now, &actions)
        }
    }
}
