import Kademlia
import Primitives

// Nodes that join, come and go.
extension Shard {
    /// Something that a node or its users do of themselves.
    func act(_ slot: UInt32, at index: Int, from source: UInt32) {
        if slot == Slot.join { return join(index) }
        if slot == Slot.leave { return leave(index) }
        // What users do goes on in their absence, without effect.
        switch slot {
        case Slot.register: register(index)
        case Slot.lookUp: lookUpSomebody(index)
        case Slot.change: changeRegistration(index)
        case Slot.presence: changePresence(index)
        case Slot.call: call(index)
        case Slot.ring: ring(index, from: source)
        case Slot.answer: callAnswered(index)
        case Slot.flood: flood(index)
        case Slot.watch: watchBuddies(index)
        default: break
        }
    }

    /// The node comes into the overlay, or back into it.
    private func join(_ index: Int) {
        guard !nodes[index].isOnline, !nodes[index].isDead else { return }
        nodes[index].isOnline = true
        nodes[index].joinedAt = now
        nodes[index].hasJoined = false
        if nodes[index].peers != nil { nodes[index].peers!.removeAll() }
        let remembered = nodes[index].remembered.map { world.contacts[$0] }
        perform(index, .join(bootstrap: bootstrap(for: index), remembered: remembered))
        if nodes[index].life == nil, world.users.count > index { nodes[index].life = UserLife() }
        let soon = now + Interval.seconds(5) + Interval.seconds(1) * (nodes[index].random.unit() * 30)
        guard nodes[index].life != nil else { return }
        push(index, Slot.register, at: soon)
        if !nodes[index].life!.buddies.isEmpty {
            nodes[index].life!.buddies = []
            push(index, Slot.watch, at: soon)
        }
    }

    /// Some nodes that were there before, and a founding node.
    private func bootstrap(for index: Int) -> [Endpoint] {
        guard index > 0 else { return [] }
        var chosen: [Int] = []
        let founders = min(SimulatedNode.foundingNodes, index)
        chosen.append(Int(nodes[index].random.next() % UInt64(founders)))
        let earlier = min(index, world.scenario.nodes)
        for _ in 0..<2 { chosen.append(Int(nodes[index].random.next() % UInt64(max(earlier * 9 / 10, 1)))) }
        return chosen.map { world.addresses.endpoint(of: $0) }
    }

    func joined(_ index: Int) {
        guard !nodes[index].hasJoined else { return }
        nodes[index].hasJoined = true
        tally.joined(after: now - nodes[index].joinedAt)
    }

    /// A session of the node ends.
    private func leave(_ index: Int) {
        guard nodes[index].isOnline, let churn = world.scenario.churn else { return }
        if nodes[index].random.unit() < churn.farewells {
            perform(index, .leave)
        } else {
            goOffline(index)
        }
    }

    /// The node is away, and its core with all that it knew is gone.
    func goOffline(_ index: Int) {
        guard nodes[index].isOnline else { return }
        nodes[index].isOnline = false
        nodes[index].wake = .max
        let contact = world.contacts[ContactHandle(index: UInt32(index))]
        let core = Kademlia(
            self: contact.key, nodeID: contact.nodeID, sharing: world.configuration,
            random: nodes[index].random.split(), contacts: world.contacts)
        nodes[index].core = core
        guard let absence = world.absenceLengths, !nodes[index].isDead else { return }
        let away = absence.length(using: &nodes[index].random)
        push(index, Slot.join, at: now + away)
        guard let session = world.sessionLengths else { return }
        push(index, Slot.leave, at: now + away + session.length(using: &nodes[index].random))
    }

    func push(_ index: Int, _ slot: UInt32, at time: Instant) {
        push(to: UInt32(index), from: UInt32(index), at: max(time, now).nanoseconds, slot: slot)
    }

    /// The next of events that come at random at a rate for each hour.
    func pushNext(_ index: Int, _ slot: UInt32, perHour rate: Double, curve: DailyCurve = DailyCurve()) {
        let gap = curve.gap(perHour: rate, after: world.measured(now), using: &nodes[index].random)
        if let gap, now + gap < world.end { push(index, slot, at: now + gap) }
    }
}
