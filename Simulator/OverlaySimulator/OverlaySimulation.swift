import Identity
import Kademlia
import Primitives

/// An overlay of many nodes under a clock of its own: the real core, fed with messages and wake-ups in time order.
///
/// Sessions are taken as given: a message arrives from the node that sent it, after the underlay's delay, or is lost.
package struct OverlaySimulation: Sendable {
    package let plan: SimulationPlan
    private var nodes: [SimulatedNode] = []
    private var underlay: CoordinateUnderlay
    private let contacts: ContactDirectory
    private var queue = EventQueue()
    private var slab = MessageSlab()
    private var random: RandomSource
    private var now = OverlaySimulation.start
    private var actions: [Kademlia.Action] = []
    private var found: [LookupToken: LookupOutcome] = [:]
    private var stored: [StoreToken: StoreOutcome] = [:]
    private var events = 0
    private var messages = 0
    private var fingerprint = Fingerprint()
    private var users: SimulatedUsers
    private var nextUser = 0
    /// Beyond the tokens of a plan's records.
    private var nextToken: UInt64 = 1 << 32

    /// 2030-01-01, so that nothing depends on the day of the run.
    private static let start = Instant(secondsSince1970: 1_893_456_000)
    /// Node `i` has the address `firstAddress + 256 i`: a /24 of its own.
    private static let firstAddress: UInt32 = 0x0100_0001
    /// How many nodes fit between 1.0.0.0 and 223.255.255.255.
    package static let mostNodes = 0xDF_0000 - 0x01_0000

    package init(plan: SimulationPlan) {
        precondition(plan.nodes >= 1 && plan.nodes <= Self.mostNodes, "a simulation has 1 to \(Self.mostNodes) nodes")
        self.plan = plan
        contacts = ContactDirectory(capacity: plan.nodes, exemptPrefixes: [], isShared: true)
        random = RandomSource(seed: plan.seed)
        underlay = CoordinateUnderlay(random: random.split())
        users = SimulatedUsers(random: random.split())
    }

    /// Runs the plan to its end.
    package mutating func run(progress: (SimulationProgress) -> Void = { _ in }) -> SimulationReport {
        var report = SimulationReport(plan: plan)
        join(progress)
        run(for: plan.settling)
        progress(state(.settling, 1, 1))
        let records = store(&report, progress)
        kill()
        run(for: plan.settling)
        find(records, &report, progress)
        report.joined = nodes.reduce(0) { $0 + ($1.hasJoined ? 1 : 0) }
        report.events = events
        report.messages = messages
        report.virtualTime = now - Self.start
        report.fingerprint = fingerprint
        return report
    }

    /// Lets the plan's nodes join and settle, for ``put(_:)`` and ``get(_:)`` to be timed one by one.
    package mutating func prepare() {
        join { _ in }
        run(for: plan.settling)
    }

    /// A record of a new user for ``put(_:)``, signed.
    package mutating func makeRecord() -> Record {
        nextUser += 1
        let node = nodes[Int(random.next() % UInt64(nodes.count))].contact.nodeID
        return users.presence(ofUser: nextUser, at: node, now: now)
    }

    /// Stores a record from a random node and lets time pass until the outcome is there.
    ///
    /// - Returns: how many nodes hold it.
    package mutating func put(_ record: Record) -> Int {
        nextToken += 1
        let token = StoreToken(nextToken)
        perform(Int(random.next() % UInt64(nodes.count)), .store(token, record, StoreOptions()))
        while stored[token] == nil { step() }
        return stored.removeValue(forKey: token)?.replicas ?? 0
    }

    /// Looks a record up from a random node and lets time pass until the outcome is there.
    ///
    /// - Returns: whether it was found.
    package mutating func get(_ record: Record) -> Bool {
        nextToken += 1
        let token = LookupToken(nextToken)
        let options = LookupOptions(quorum: plan.quorum)
        perform(
            Int(random.next() % UInt64(nodes.count)), .lookUp(token, record.kind, record.resource, options))
        while found[token] == nil { step() }
        return found.removeValue(forKey: token)?.records == [record]
    }

    private mutating func join(_ progress: (SimulationProgress) -> Void) {
        nodes.reserveCapacity(plan.nodes)
        for index in 0..<plan.nodes {
            addNode()
            let other = index == 0 ? 0 : Int(random.next() % UInt64(index))
            let bootstrap = index == 0 ? [] : [nodes[other].contact.endpoint]
            perform(index, .join(bootstrap: bootstrap, remembered: []))
            run(for: plan.joinGap)
            progress(state(.joining, index + 1, plan.nodes))
        }
    }

    private mutating func store(
        _ report: inout SimulationReport, _ progress: (SimulationProgress) -> Void
    ) -> [Record] {
        var records: [Record] = []
        for index in 0..<plan.records {
            let node = Int(random.next() % UInt64(nodes.count))
            let record = users.presence(ofUser: index, at: nodes[node].contact.nodeID, now: now)
            records.append(record)
            perform(node, .store(StoreToken(UInt64(index)), record, StoreOptions()))
            run(for: plan.requestGap)
            progress(state(.storing, index + 1, plan.records))
        }
        run(for: .seconds(30))
        for index in 0..<plan.records {
            report.stores.attempted += 1
            guard let outcome = stored[StoreToken(UInt64(index))], outcome.replicas > 0 else { continue }
            report.stores.succeeded += 1
            report.stores.latency.add(outcome.trace.duration.inMilliseconds)
            report.stores.hops.add(Double(outcome.trace.hops))
            report.stores.messages.add(Double(outcome.trace.requests))
            report.replicas.add(Double(outcome.replicas))
        }
        return records
    }

    private mutating func kill() {
        let victims = Int(Double(nodes.count) * plan.deaths)
        var alive = nodes.count
        while nodes.count - alive < victims, alive > 1 {
            let victim = Int(random.next() % UInt64(nodes.count))
            guard nodes[victim].isAlive else { continue }
            nodes[victim].isAlive = false
            alive -= 1
        }
    }

    private mutating func find(
        _ records: [Record], _ report: inout SimulationReport, _ progress: (SimulationProgress) -> Void
    ) {
        for (index, record) in records.enumerated() {
            var node = Int(random.next() % UInt64(nodes.count))
            while !nodes[node].isAlive { node = (node + 1) % nodes.count }
            let options = LookupOptions(quorum: plan.quorum)
            perform(node, .lookUp(LookupToken(UInt64(index)), record.kind, record.resource, options))
            run(for: plan.requestGap)
            progress(state(.finding, index + 1, records.count))
        }
        run(for: .seconds(30))
        for (index, record) in records.enumerated() {
            report.lookups.attempted += 1
            guard let outcome = found[LookupToken(UInt64(index))], outcome.records == [record],
                let latency = outcome.trace.firstRecordAfter
            else { continue }
            report.lookups.succeeded += 1
            report.lookups.latency.add(latency.inMilliseconds)
            report.lookups.hops.add(Double(outcome.trace.hops))
            report.lookups.messages.add(Double(outcome.trace.requests))
        }
    }

    private func state(_ stage: SimulationProgress.Stage, _ done: Int, _ total: Int) -> SimulationProgress {
        SimulationProgress(stage: stage, done: done, total: total, events: events, virtualTime: now - Self.start)
    }

    // MARK: The engine

    private mutating func addNode() {
        let identity = NodeIdentity(random: &random)
        let address = IPAddress(v4: Self.firstAddress + UInt32(nodes.count) << 8)
        let contact = Contact(
            key: identity.publicKey, endpoint: Endpoint(address: address, port: 7_400), nodeID: identity.nodeID)
        _ = contacts.add(contact)
        let core = Kademlia(
            self: identity.publicKey, configuration: KademliaConfiguration(), random: random.split(), contacts: contacts)
        nodes.append(SimulatedNode(core: core, contact: contact))
        underlay.addNode()
    }

    /// Lets everything happen that lies within `interval` from now.
    private mutating func run(for interval: Interval) {
        let end = now + interval
        while let first = queue.first, first.time <= end.nanoseconds { step() }
        now = end
    }

    /// Lets the next event happen.
    private mutating func step() {
        guard let first = queue.pop() else { return }
        now = Instant(nanoseconds: first.time)
        let index = Int(first.destination)
        guard first.slot != EventQueue.wakeSlot else { return wake(index) }
        let message = slab.take(first.slot)
        guard nodes[index].isAlive else { return }
        fingerprint.add(first.time)
        fingerprint.add(UInt64(first.destination) << 32 | UInt64(first.source))
        fingerprint.add(message.transaction)
        messages += 1
        perform(index, .received(message, from: ContactHandle(index: first.source)))
    }

    private mutating func wake(_ index: Int) {
        guard nodes[index].wake <= now else { return }
        nodes[index].wake = .distantFuture
        guard nodes[index].isAlive else { return }
        if nodes[index].isDue(at: now) { perform(index, .wake) } else { arm(index) }
    }

    private mutating func perform(_ index: Int, _ event: Kademlia.Event) {
        events += 1
        nodes[index].core.handle(event, at: now, into: &actions)
        for action in actions { carryOut(action, of: index) }
        actions.removeAll(keepingCapacity: true)
        arm(index)
    }

    /// One wake-up of a node lies in the queue; a deadline that moves back is seen when it comes.
    private mutating func arm(_ index: Int) {
        guard let deadline = nodes[index].takeEarlierDeadline() else { return }
        push(to: index, from: index, at: max(deadline, now), slot: EventQueue.wakeSlot)
    }

    private mutating func push(to destination: Int, from source: Int, at time: Instant, slot: UInt32) {
        nodes[source].sequence &+= 1
        queue.push(
            EventQueue.Entry(
                time: time.nanoseconds, destination: UInt32(destination), source: UInt32(source),
                sequence: nodes[source].sequence, slot: slot))
    }

    private mutating func carryOut(_ action: Kademlia.Action, of index: Int) {
        switch action {
        case .send(let message, let destination):
            let endpoint =
                switch destination {
                case .contact(let contact): contacts[contact].endpoint
                case .endpoint(let endpoint): endpoint
                }
            guard let other = self.index(of: endpoint) else { return }
            if plan.loss > 0, random.unit() < plan.loss { return }
            let time = now + underlay.delay(from: index, to: other)
            push(to: other, from: index, at: time, slot: slab.put(message))
        case .found(let token, let outcome): found[token] = outcome
        case .stored(let token, let outcome): stored[token] = outcome
        case .observe(.joined): nodes[index].hasJoined = true
        case .changed, .renew, .persist, .forget, .rememberContacts, .left, .observe: break
        }
    }

    private func index(of endpoint: Endpoint) -> Int? {
        guard let address = endpoint.address.v4, address >= Self.firstAddress else { return nil }
        let index = Int((address - Self.firstAddress) >> 8)
        return index < nodes.count ? index : nil
    }
}
