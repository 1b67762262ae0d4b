import Kademlia
import Primitives

// What happens to all nodes at once.
extension Simulation {
    /// After a catastrophe or a partition records are sought so long after it.
    private static let patience = Interval.seconds(60)
    private static let healingTime = Interval.minutes(5)
    private static let restorationTime = Interval.hours(1)
    /// Looks at all nodes in a run.
    private static let samples = 60
    private static let progressSteps = 100

    /// In order of time; at one time in the order in which they are to happen.
    func milestones() -> [Milestone] {
        let measured = world.measuredFrom
        let joined = World.start + scenario.joining
        var all = [Milestone(time: joined, event: .settle), Milestone(time: measured, event: .measure)]
        func add(_ time: Instant, _ event: Milestone.Event) {
            if time <= world.end { all.append(Milestone(time: time, event: event)) }
        }
        for death in scenario.deaths {
            add(measured + death.at, .die(share: death.share))
            add(measured + death.at + Self.patience, .seekSurvivors)
            add(measured + death.at + Self.restorationTime, .countReplicas)
        }
        for partition in scenario.partitions {
            add(measured + partition.at, .divide(share: partition.share))
            let healed = measured + partition.at + partition.lasting
            add(healed, .unite)
            add(healed + Self.healingTime, .seekWritten)
            add(healed + Self.healingTime + .seconds(30), .judgeHealing)
        }
        for step in 1...Self.samples {
            add(measured + scenario.measuring * (Double(step) / Double(Self.samples)), .sample)
        }
        let whole = world.end - World.start
        for step in 1..<Self.progressSteps {
            add(World.start + whole * (Double(step) / Double(Self.progressSteps)), .pass)
        }
        let ordered = all.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        return ordered.map(\.element) + [Milestone(time: world.end, event: .finish)]
    }

    func reach(_ event: Milestone.Event) {
        switch event {
        case .pass: break
        case .settle: scheduleWatches()
        case .measure:
            conditions.isMeasuring = true
            scheduleWorkload()
        case .die(let share): kill(share)
        case .divide(let share): conditions.partition = share
        case .unite: conditions.partition = 0
        case .sample: sample()
        case .seekSurvivors: seek(.survival)
        case .countReplicas: findings.restored = restoredShare()
        case .seekWritten:
            noteWritten()
            seek(.healing)
        case .judgeHealing: findings.healed = healedShare()
        case .finish: lookBack()
        }
    }

    private func kill(_ share: Double) {
        let first = min(SimulatedNode.foundingNodes, scenario.nodes)
        var victims = Array(first..<scenario.nodes)
        victims.shuffle(using: &random)
        for index in victims.prefix(Int(Double(scenario.nodes) * share)) {
            nodes[index].isOnline = false
            nodes[index].isDead = true
            nodes[index].wake = .max
        }
    }

    // MARK: Seeking records

    /// Records that are sought or counted: enough to tell a share of one in ten thousand.
    private static let mostSought = 20_000
    private static let mostCounted = 400

    private func someUsers(_ most: Int) -> [Int] {
        let step = max(world.users.count / most, 1)
        return Array(stride(from: 0, to: world.users.count, by: step).prefix(most))
    }

    /// Looks records up from random nodes that are there.
    private func seek(_ purpose: SimulatedToken.Purpose) {
        for shard in shards {
            shard.now = now
            shard.conditions = conditions
        }
        for user in someUsers(Self.mostSought) {
            var index = Int(random.next() % UInt64(scenario.nodes))
            while !nodes[index].isOnline || !nodes[index].hasJoined { index = (index + 1) % scenario.nodes }
            shards[index % shards.count].lookUp(purpose, user: user, at: index)
        }
    }

    /// What lookups are to find: what was written before the last moments, which are still on their way.
    private func noteWritten() {
        for user in someUsers(Self.mostSought) {
            guard let life = nodes[user % scenario.nodes].life else { continue }
            let isNew = life.registeredAt + .seconds(20) > now
            findings.written[user] = life.registration - (isNew ? 1 : 0)
        }
    }

    /// Whether lookups found the newest that was written on either side.
    private func healedShare() -> Double {
        let found = shards.flatMap(\.tally.healing)
        guard !found.isEmpty else { return 0 }
        let newest = found.filter { $0.sequence >= findings.written[$0.user, default: 0] }
        return Double(newest.count) / Double(someUsers(Self.mostSought).count)
    }

    // MARK: Looking at all nodes

    private func sample() {
        let seconds = world.measured(now).inSeconds
        let online = (0..<scenario.nodes).reduce(0) { $0 + (nodes[$1].isOnline ? 1 : 0) }
        findings.onlineSeries.append(.init(seconds: seconds, value: Double(online)))
        findings.staleSeries.append(.init(seconds: seconds, value: staleShare()))
        findings.memorySeries.append(.init(seconds: seconds, value: Double(host.memory()) / 1e6))
    }

    /// The share of the contacts in routing tables whose nodes are not there.
    private func staleShare() -> Double {
        let step = max(scenario.nodes / 1_000, 1)
        var contacts = 0
        var stale = 0
        for index in stride(from: 0, to: scenario.nodes, by: step) where nodes[index].isOnline {
            for contact in nodes[index].core.tableContacts {
                contacts += 1
                if !nodes[Int(contact.index)].isOnline { stale += 1 }
            }
        }
        return contacts == 0 ? 0 : Double(stale) / Double(contacts)
    }

    /// How many living nodes hold each of some registrations.
    private func replicaCounts() -> [Int] {
        let most = max(1, min(Self.mostCounted, 20_000_000 / world.count))
        let identities = someUsers(most).map { user in
            let home = ContactHandle(index: UInt32(user % scenario.nodes))
            return Record.Identity(
                kind: .registration, resource: world.users.resource(.registration, ofUser: user),
                key: world.contacts[home].nodeID.bits.bytes)
        }
        var counts = [Int](repeating: 0, count: identities.count)
        for index in 0..<scenario.nodes where nodes[index].isOnline && nodes[index].role.isHonest {
            for place in identities.indices where nodes[index].core.holds(identities[place]) { counts[place] += 1 }
        }
        return counts
    }

    private func restoredShare() -> Double {
        let counts = replicaCounts()
        let wanted = min(scenario.overlay.bucketSize, scenario.nodes)
        return Double(counts.filter { $0 >= wanted }.count) / Double(max(counts.count, 1))
    }

    /// The last look at everything.
    private func lookBack() {
        findings.staleShare = staleShare()
        for count in replicaCounts() { findings.replicas.add(Double(count)) }
        guard case .none = scenario.workload.buddies else {
            findings.lostChanges = lostChanges()
            return
        }
    }

    /// How many watchers that are there do not know the newest state of a buddy who is there.
    private func lostChanges() -> Int {
        var lost = 0
        for index in 0..<scenario.nodes where nodes[index].isOnline && nodes[index].role.isHonest {
            for buddy in nodes[index].life?.buddies ?? [] {
                let home = buddy.user % scenario.nodes
                // What changed a moment ago is still on its way.
                guard let life = nodes[home].life, life.presence > 0, life.changedAt + .seconds(10) < now,
                    nodes[home].isOnline
                else { continue }
                if buddy.sequence < life.presence { lost += 1 }
            }
        }
        return lost
    }
}
