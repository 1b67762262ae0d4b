import Kademlia
import Primitives

// What the users of a node do.
extension Shard {
    private var workload: Workload { world.scenario.workload }

    /// The users at home at a node.
    func users(of index: Int) -> StrideTo<Int> { stride(from: index, to: world.users.count, by: world.scenario.nodes) }

    private func nodeID(_ index: Int) -> NodeID { world.contacts[ContactHandle(index: UInt32(index))].nodeID }

    // MARK: Registrations

    func register(_ index: Int) {
        guard nodes[index].isOnline else { return }
        nodes[index].life!.registration += 1
        nodes[index].life!.registeredAt = now
        for user in users(of: index) { keepRegistration(of: user, at: index) }
        // Whoever comes says how they are, and changes it later.
        if case .none = workload.buddies { return }
        if nodes[index].life!.presence == 0 { publishPresence(index) }
    }

    func changeRegistration(_ index: Int) {
        pushNext(index, Slot.change, perHour: workload.storesPerHour)
        if nodes[index].life != nil { register(index) }
    }

    private func keepRegistration(of user: Int, at index: Int) {
        let record = world.users.record(
            .registration, ofUser: user, at: nodeID(index), sequence: nodes[index].life!.registration,
            bytes: workload.valueBytes, madeAt: now, lasting: workload.lifetime)
        perform(index, .keep(StoreToken(UInt64(user)), record, StoreOptions()))
    }

    func renew(_ old: Record, at index: Int) {
        guard let user = world.users.user(of: old) else { return }
        let record = world.users.record(
            old.kind, ofUser: user, at: nodeID(index), sequence: old.sequence,
            bytes: old.value.count, madeAt: SimulatedUsers.made(old) ?? now,
            lasting: now - (SimulatedUsers.made(old) ?? now) + workload.lifetime)
        followUps.append(.keep(StoreToken(UInt64(user)), record, StoreOptions()))
    }

    func stored(_ outcome: StoreOutcome) {
        tally.put.ended(outcome.trace, isSuccess: outcome.replicas > 0, latency: outcome.trace.duration)
        tally.replicasOfPuts.add(Double(outcome.replicas))
    }

    // MARK: Lookups

    func lookUpSomebody(_ index: Int) {
        pushNext(index, Slot.lookUp, perHour: workload.lookupsPerHour)
        guard nodes[index].isOnline, nodes[index].hasJoined else { return }
        var user = Int(nodes[index].random.next() % UInt64(max(world.users.count, 1)))
        // Many ask for the record that is besieged, so that it shows how often they do not find it.
        if world.scenario.adversaries.groundIDs > 0, nodes[index].random.unit() < 0.2 { user = 0 }
        if workload.absentShare > 0, nodes[index].random.unit() < workload.absentShare {
            lookUp(.absent, user: world.users.count + user, at: index)
        } else {
            lookUp(.get, user: user, at: index)
        }
    }

    func lookUp(_ purpose: SimulatedToken.Purpose, user: Int, at index: Int) {
        nodes[index].sequence &+= 1
        let token = SimulatedToken(purpose, user: user, number: nodes[index].sequence)
        let resource = world.users.resource(.registration, ofUser: user)
        let options = LookupOptions(quorum: purpose == .healing ? 4 : workload.quorum)
        perform(index, .lookUp(LookupToken(token.rawValue), .registration, resource, options))
    }

    func found(_ token: SimulatedToken, _ outcome: LookupOutcome, at index: Int) {
        let genuine = outcome.records.filter { world.users.isGenuine($0) }
        tally.forged += outcome.records.count - genuine.count
        let isFound = !genuine.isEmpty
        let latency = outcome.trace.firstRecordAfter ?? outcome.trace.duration
        switch token.purpose {
        case .get:
            if token.user == 0, world.scenario.adversaries.groundIDs > 0 {
                return tally.besieged.ended(outcome.trace, isSuccess: isFound, latency: latency)
            }
            tally.get.ended(outcome.trace, isSuccess: isFound, latency: latency)
            tally.getSuccess.add(isFound ? 1 : 0, at: world.measured(now))
        case .absent: tally.absent.ended(outcome.trace, isSuccess: !isFound, latency: outcome.trace.duration)
        case .survival: tally.survival.ended(outcome.trace, isSuccess: isFound, latency: latency)
        case .healing:
            let newest = genuine.map(\.sequence).max() ?? 0
            tally.healing.append(Tally.Finding(user: token.user, sequence: newest))
        case .call: ringSomebody(genuine.first, user: token.user, at: index)
        case nil: break
        }
    }

    // MARK: Calls

    func call(_ index: Int) {
        pushNext(index, Slot.call, perHour: workload.callsPerHour)
        guard nodes[index].isOnline, nodes[index].life?.callBegan == nil else { return }
        let user = Int(nodes[index].random.next() % UInt64(world.users.count))
        nodes[index].life!.callBegan = now
        lookUp(.call, user: user, at: index)
    }

    private func ringSomebody(_ record: Record?, user: Int, at index: Int) {
        tally.call.attempted += 1
        guard record != nil else {
            nodes[index].life!.callBegan = nil
            return
        }
        let home = user % world.scenario.nodes
        guard home != index else { return callAnswered(index) }
        push(
            to: UInt32(home), from: UInt32(index), at: (now + delay(from: index, to: home)).nanoseconds, slot: Slot.ring
        )
    }

    func ring(_ index: Int, from caller: UInt32) {
        guard nodes[index].isOnline else { return }
        let back = world.underlay.delay(from: index, to: Int(caller))
        push(to: caller, from: UInt32(index), at: (now + back).nanoseconds, slot: Slot.answer)
    }

    func callAnswered(_ index: Int) {
        guard let began = nodes[index].life?.callBegan else { return }
        nodes[index].life!.callBegan = nil
        tally.call.succeeded += 1
        tally.call.latency.add((now - began).inMilliseconds)
    }

    /// What the first word to a node takes, with the handshake that may be due.
    private func delay(from index: Int, to other: Int) -> Interval {
        let once = world.underlay.delay(from: index, to: other)
        guard nodes[index].peers?.contains(UInt32(other)) == false else { return once }
        nodes[index].peers!.insert(UInt32(other))
        return once * 3
    }

    // MARK: Presence

    func watchBuddies(_ index: Int) {
        guard nodes[index].isOnline, nodes[index].life != nil else { return }
        for user in users(of: index) {
            for buddy in world.buddies.buddies(of: user) {
                let token = WatchToken(UInt64(nodes[index].life!.buddies.count))
                nodes[index].life!.buddies.append(UserLife.Buddy(user: buddy))
                let resource = world.users.resource(.presence, ofUser: buddy)
                perform(index, .watch(token, .presence, resource))
            }
        }
    }

    func changePresence(_ index: Int) {
        pushNext(index, Slot.presence, perHour: workload.changesPerHour, curve: world.daily)
        guard nodes[index].isOnline, nodes[index].life != nil else { return }
        tally.changes += users(of: index).reduce(0) { sum, _ in sum + 1 }
        publishPresence(index)
    }

    private func publishPresence(_ index: Int) {
        nodes[index].life!.presence += 1
        nodes[index].life!.changedAt = now
        for user in users(of: index) {
            let record = world.users.record(
                .presence, ofUser: user, at: nodeID(index), sequence: nodes[index].life!.presence, bytes: 400,
                madeAt: now, lasting: workload.lifetime)
            perform(index, .keep(StoreToken(UInt64(user)), record, StoreOptions()))
        }
    }

    func changed(_ token: WatchToken, _ change: RecordChange, at index: Int) {
        let record: Record
        switch change {
        case .added(let new), .replaced(let new): record = new
        case .refreshed, .deleted, .expired: return
        }
        let number = Int(token.rawValue)
        guard let known = nodes[index].life?.buddies[number].sequence, let made = SimulatedUsers.made(record) else {
            return
        }
        if record.sequence <= known { tally.duplicates += 1 }
        nodes[index].life!.buddies[number].sequence = record.sequence
        // What was made before the watch began tells nothing of how long changes take.
        guard conditions.isMeasuring, made >= world.measuredFrom else { return }
        tally.presenceDelay.add((now - made).inMilliseconds)
        tally.presenceSeries.add((now - made).inMilliseconds, at: world.measured(now))
    }

    // MARK: Floods

    func flood(_ index: Int) {
        pushNext(index, Slot.flood, perHour: world.scenario.adversaries.floodPerSecond * 3_600)
        guard nodes[index].isOnline else { return }
        let target = UInt32(nodes[index].random.next() % UInt64(world.scenario.nodes))
        let user = Int(nodes[index].random.next() % UInt64(max(world.users.count, 1)))
        let resource = world.users.resource(.registration, ofUser: user)
        let body = Message.Body.fetch(.registration, resource, after: nil, known: .none)
        guard target != UInt32(index) else { return }
        transmit(Message(transaction: nodes[index].random.next(), body: body), from: UInt32(index), to: target)
    }
}
