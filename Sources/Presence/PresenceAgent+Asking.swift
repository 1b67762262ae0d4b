import Primitives

/// Watching presentities whose rules are known elsewhere: what other nodes tell is for one watcher each.
extension PresenceAgent {
    /// A watcher behind this node is there; for the first time of each, the publishers are asked on their behalf.
    mutating func beginAsking(
        _ presentity: AddressOfRecord, for identity: WatcherIdentity, _ actions: inout [Action]
    ) {
        guard !isRuledHere(presentity), case .authenticated(let watcher) = identity else { return }
        presentities[presentity]!.asking[watcher, default: 0] += 1
        if presentities[presentity]!.asking[watcher] == 1 { actions.append(.ask(presentity, for: watcher)) }
    }

    mutating func endAsking(
        _ presentity: AddressOfRecord, for identity: WatcherIdentity, _ actions: inout [Action]
    ) {
        guard case .authenticated(let watcher) = identity, let count = presentities[presentity]?.asking[watcher] else {
            return
        }
        presentities[presentity]!.asking[watcher] = count > 1 ? count - 1 : nil
        guard count == 1 else { return }
        actions.append(.stopAsking(presentity, for: watcher))
        presentities[presentity]!.remotes.removeAll { $0.watcher == watcher }
    }

    /// Tells one watcher what is told to nobody else.
    mutating func tell(
        _ watcher: AddressOfRecord, of presentity: AddressOfRecord, at now: Instant, _ actions: inout [Action]
    ) {
        for number in presentities[presentity]?.watchers ?? [] {
            guard let subscription = subscriptions[number], !subscription.isOverlay,
                subscription.identity == .authenticated(watcher), subscription.state.status == .active,
                shown(to: subscription) != subscription.told
            else { continue }
            needsNotify(number, at: now, &actions)
        }
    }
}
