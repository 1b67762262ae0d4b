import Primitives

/// Telling the watchers of a resource a share at a time, so that the first have their NOTIFY before the last one's is made,
/// and whatever else comes in meanwhile need not wait for all of them.
extension PresenceAgent {
    /// Watchers that are told before the agent turns to something else.
    static let toldAtOnce = 64

    /// Notifies those of this node's own watchers who see something else now than they were told.
    mutating func tellWatchers(of resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        if let position = tellings.firstIndex(where: { $0.resource == resource }) {
            tellings[position].isOvertaken = true
        } else {
            tell(Telling(resource: resource), at: now, &actions)
        }
    }

    /// Tells the next share of those who wait longest.
    mutating func goOnTelling(at now: Instant, _ actions: inout [Action]) {
        guard !tellings.isEmpty else { return }
        tell(tellings.removeFirst(), at: now, &actions)
    }

    private mutating func tell(_ telling: Telling, at now: Instant, _ actions: inout [Action]) {
        let watchers = resources[telling.resource]?.watchers ?? []
        let start = ResourceState.position(of: telling.next, in: watchers)
        let end = min(start + Self.toldAtOnce, watchers.count)
        for number in watchers[start..<end] { tell(number, at: now, &actions) }
        var rest = telling
        if end < watchers.count {
            rest.next = watchers[end]
        } else if telling.isOvertaken {
            rest = Telling(resource: telling.resource)
        } else {
            return
        }
        tellings.append(rest)
    }

    private mutating func tell(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard let subscription = subscriptions[number], !subscription.isNode, subscription.state.status == .active
        else { return }
        let document = shown(to: subscription)
        guard document != subscription.told, subscription.isTriggered(by: document) else { return }
        needsNotify(number, at: now, &actions)
    }
}
