import Identity
import Primitives

// Finding out whether others can reach this node (docs/protocol.md §4.10).
extension Kademlia {
    /// How long the call of a stranger may take.
    private static let callTime = Interval.milliseconds(2500)
    /// Between two askings of which the first did not decide; longer than others count against their limits.
    private static let nextAsking = Interval.seconds(15)
    /// Wishes that wait; further ones are carried out at once.
    private static let mostHeldBack = 4_096
    /// Who has heard nobody for so long was asleep, and may have woken elsewhere.
    private static let longSilence = Interval.minutes(15)

    /// Whether others can reach this node, as far as it knows.
    package var reachability: Reachability { reach.standing }

    /// Whether this node tells others that they can't reach it.
    package var isClient: Bool { reach.standing != .full }

    /// Where most others see this node; nil as long as they do not agree.
    package var ownEndpoint: Endpoint? { reflected.endpoint }

    // MARK: What is learnt from traffic

    /// What stands for a contact's address. Many nodes may share one that the limits of address diversity spare.
    private func reachKey(_ contact: ContactHandle) -> UInt64 {
        contacts[contact].endpoint.fingerprint(isPortIgnored: contacts.mark(contact) != 0)
    }

    private func reachKey(_ endpoint: Endpoint) -> UInt64 {
        let isSpared = AddressBlock(endpoint.address, exempt: configuration.exemptPrefixes) == nil
        return endpoint.fingerprint(isPortIgnored: !isSpared)
    }

    /// Something goes out to a node.
    mutating func noteSent(to destination: MessageDestination) {
        guard reach.spoken != nil else { return }
        switch destination {
        case .contact(let contact): reach.spoke(to: reachKey(contact))
        case .endpoint(let endpoint): reach.spoke(to: reachKey(endpoint))
        }
    }

    /// A message has come in.
    mutating func noteReceived(
        _ message: Message, from contact: ContactHandle, at now: Instant, into actions: inout [Action]
    ) {
        if reach.heard(at: now) > Self.longSilence { reconsiderReachability(at: now) }
        guard reach.spoken != nil, !message.isAnswer else { return }
        let key = reachKey(contact)
        guard !reach.isProof(key, at: now) else { return provenReachable(at: now, into: &actions) }
        reach.meets(key)
        if reach.isSettled { concludeAsking(at: now, into: &actions) }
    }

    /// A node tells where it sees this one.
    mutating func noteReflection(
        _ endpoint: Endpoint, by contact: ContactHandle, at now: Instant, into actions: inout [Action]
    ) {
        actions.append(.observe(.reflected(endpoint, by: contacts[contact])))
        let block = UInt16(truncatingIfNeeded: contacts.mark(contact))
        let voter = block != 0 ? block : UInt16(truncatingIfNeeded: contacts.bits(contact).prefix >> 16)
        let before = reflected.endpoint
        let hasMoved = reflected.add(endpoint, from: voter)
        if let now = reflected.endpoint, now != before { actions.append(.observe(.ownEndpoint(now))) }
        if hasMoved { reconsiderReachability(at: now) }
    }

    // MARK: Askings

    /// Before anything was said nobody has been spoken to; this is the best moment to find out.
    mutating func beginReachability(at now: Instant) {
        guard reach.standing == .unproven else { return scheduleReachability(at: now) }
        reach.record(from: now - SpokenTo.memory)
    }

    private mutating func scheduleReachability(at now: Instant) {
        reach.stopRecording()
        let pause = max(configuration.reachabilityInterval - SpokenTo.memory, .zero)
        periodic.set(.reachability, to: now + random.jittered(pause, by: 0.8...1.2))
    }

    /// Something has happened after which the node may be reachable or not in another way than before.
    private mutating func reconsiderReachability(at now: Instant) {
        guard phase == .member, reach.spoken == nil else { return }
        reach.record(from: now)
        periodic.set(.reachability, to: now + SpokenTo.memory)
    }

    /// A node that has just been heard for the first time has strangers call, before this node speaks to all that
    /// there are.
    ///
    /// - Returns: whether joining has to wait for that.
    mutating func provesItselfFirst(
        through contact: ContactHandle, at now: Instant, into actions: inout [Action]
    ) -> Bool {
        if reach.isAsking { return true }
        guard reach.isUntried else { return false }
        ask(Array(repeating: contact, count: ReachabilityState.mostAsked), at: now, into: &actions)
        return reach.isAsking
    }

    mutating func attendToReachability(at now: Instant, into actions: inout [Action]) {
        guard phase != .leaving else { return }
        if reach.isAsking { return concludeAsking(at: now, into: &actions) }
        if reach.spoken == nil { reach.record(from: now) }
        guard let spoken = reach.spoken, spoken.isComplete(at: now) else {
            periodic.set(.reachability, to: now + SpokenTo.memory)
            return
        }
        // One is enough to confirm what is known.
        let isConfirmation = reach.standing == .full && reach.silences == 0
        let asked = someContacts(isConfirmation ? 1 : ReachabilityState.mostAsked)
        guard !asked.isEmpty else {
            return askAgain(after: .minutes(1), at: now)
        }
        ask(asked, at: now, into: &actions)
    }

    private mutating func ask(_ asked: [ContactHandle], at now: Instant, into actions: inout [Action]) {
        reach.beginAsking(asked.count)
        periodic.set(.reachability, to: now + Self.callTime)
        for contact in asked { request(.callBack, to: .contact(contact), for: .callBack, at: now, into: &actions) }
    }

    /// Contacts that are not in doubt, at random.
    private mutating func someContacts(_ wanted: Int) -> [ContactHandle] {
        var chosen: [ContactHandle] = []
        for _ in 0..<wanted * 4 where table.count > 0 && chosen.count < wanted {
            let index = Int(random.next() % UInt64(table.count))
            guard table.states[index].failures == 0, !chosen.contains(table.handles[index]) else { continue }
            chosen.append(table.handles[index])
        }
        return chosen
    }

    mutating func callBackAnswered(
        by contact: ContactHandle, observed: Endpoint, _ answer: Message.CallBackAnswer, at now: Instant,
        into actions: inout [Action]
    ) {
        noteReflection(observed, by: contact, at: now, into: &actions)
        guard reach.isAsking else { return }
        switch answer {
        case .asked(let other): if contacts.nodeID(other) != nodeID { reach.willCall(reachKey(other)) }
        case .nobody: reach.answeredNobody()
        case .notNow: break
        }
        callBackEnded(at: now, into: &actions)
    }

    /// A request to be called was answered, or will not be.
    mutating func callBackEnded(at now: Instant, into actions: inout [Action]) {
        guard reach.isAsking, reach.requestEnded() else { return }
        concludeAsking(at: now, into: &actions)
    }

    private mutating func concludeAsking(at now: Instant, into actions: inout [Action]) {
        guard reach.isAsking else { return }
        let verdict = reach.endAsking()
        switch (verdict, reach.standing) {
        case (.nobody, _) where table.count < 2: return provenReachable(at: now, into: &actions)
        case (.nobody, .unproven), (.onlyAcquaintances, .unproven):
            guard reach.undecided >= ReachabilityState.mostUndecided else {
                askAgain(after: Self.nextAsking, at: now)
                break
            }
            // It speaks with everybody there is. What its first asking showed counts, if that showed anything.
            guard reach.silences > 0 else { return provenReachable(at: now, into: &actions) }
            becomeClient(at: now, into: &actions)
            scheduleReachability(at: now)
        case (.unanswered, .unproven):
            askAgain(after: Self.nextAsking * Double(1 << min(reach.undecided, 6)), at: now)
        case (.silence, .unproven), (.silence, .full):
            if reach.silences >= ReachabilityState.mostSilences {
                becomeClient(at: now, into: &actions)
                scheduleReachability(at: now)
            } else {
                askAgain(after: Self.nextAsking, at: now)
            }
        default: scheduleReachability(at: now)
        }
        goOnJoining(at: now, into: &actions)
    }

    private mutating func askAgain(after pause: Interval, at now: Instant) {
        periodic.set(.reachability, to: now + random.jittered(pause, by: 0.8...1.2))
    }

    /// A stranger has come through, or there is none in so small an overlay.
    mutating func provenReachable(at now: Instant, into actions: inout [Action]) {
        reach.proven()
        scheduleReachability(at: now)
        becomeFull(at: now, into: &actions)
        goOnJoining(at: now, into: &actions)
    }

    private mutating func goOnJoining(at now: Instant, into actions: inout [Action]) {
        defer { takeHeldBack(at: now, into: &actions) }
        guard phase == .joining, !isFindingOwnPlace else { return }
        findOwnPlace(at: now, into: &actions)
    }

    // MARK: What has to wait

    /// In a small overlay what a user wants at once would have the node speak to everybody, and no stranger would be left
    /// to call. So it waits for the first asking: some hundredths of a second, or 2.5 s where nobody comes through. It
    /// does not wait for more than one attempt to join.
    mutating func holdsBack(_ event: Event) -> Bool {
        guard phase == .joining, reach.isUntried, configuration.isPatient, reach.isAsking || joinAttempts <= 1,
            heldBack.count < Self.mostHeldBack
        else { return false }
        switch event {
        case .lookUp, .lookUpNode, .store, .keep, .withdraw, .watch, .unwatch, .release:
            heldBack.append(event)
            return true
        case .join, .received, .unreachable, .introduce, .restore, .leave, .spoke, .wake: return false
        }
    }

    mutating func takeHeldBack(at now: Instant, into actions: inout [Action]) {
        guard !heldBack.isEmpty else { return }
        let events = heldBack
        heldBack = []
        for event in events { take(event, at: now, into: &actions) }
    }
}
