import Identity
import Primitives

/// The side that speaks first.
extension Sessions {
    /// A second recovery of one session waits for this long: datagrams that claim a loss are not authenticated.
    private static var recoveryPause: Interval { .seconds(1) }

    /// Says hello, unless a handshake with that node is under way.
    mutating func beginHandshake(
        with node: NodeID, at endpoint: Endpoint, now: Instant, into actions: inout [Action]
    ) {
        guard let association = associations[node], association.handshake == nil else { return }
        guard handshakes.count < limits.handshakes else {
            if association.sessions.isEmpty { drop(node, .tooManyHandshakes, into: &actions) }
            return
        }
        let peer = Contact(key: association.peer.key, endpoint: endpoint, nodeID: node)
        let echo = Echo(random: &random)
        associations[node]!.handshake = echo
        start(echo, destination: .peer(peer), node: node, at: now)
        actions.append(.transmit(Hello(nonce: echo).encode(check), to: endpoint))
    }

    /// Queues a message for an endpoint whose node is not known, and says hello there.
    mutating func bootstrap(
        _ message: QueuedMessage, at endpoint: Endpoint, now: Instant, into actions: inout [Action]
    ) {
        if bootstraps[endpoint] == nil {
            guard handshakes.count < limits.handshakes else { return fail(message, .tooManyHandshakes, &actions) }
            let echo = Echo(random: &random)
            bootstraps[endpoint] = echo
            start(echo, destination: .endpoint(endpoint), node: nil, at: now)
            actions.append(.transmit(Hello(nonce: echo).encode(check), to: endpoint))
        }
        let echo = bootstraps[endpoint]!
        guard handshakes[echo]!.queue.count < Association.maximumDatagrams, hasRoom(for: message) else {
            return fail(message, .queueFull, &actions)
        }
        handshakes[echo]!.queue.append(message)
        queuedBytes += message.payload.count
    }

    private mutating func start(_ echo: Echo, destination: Destination, node: NodeID?, at now: Instant) {
        let handshake = Handshake(
            echo: echo, destination: destination, endpoint: destination.endpoint, node: node,
            sessionID: unusedSessionID(), at: now)
        owners[handshake.sessionID] = .handshake(echo)
        handshakes[echo] = handshake
        timers.set(.handshake(echo), to: now + limits.handshakeRetry)
    }

    mutating func receive(_ challenge: Challenge, from: Endpoint, at now: Instant, into actions: inout [Action]) {
        guard let handshake = handshakes[challenge.echo] else {
            return recover(challenge, from: from, at: now, into: &actions)
        }
        guard handshake.endpoint == from, case .hello = handshake.phase else {
            return dropped(.unknownHandshake, from, into: &actions)
        }
        guard challenge.key != identity.publicKey else {
            return handshakeFailed(challenge.echo, .ownEndpoint, at: now, into: &actions)
        }
        if let expected = handshake.node {
            guard associations[expected]?.peer.key == challenge.key else {
                return handshakeFailed(challenge.echo, .wrongKey, at: now, into: &actions)
            }
        } else {
            guard adopt(challenge, from: from, at: now, into: &actions) else { return }
        }
        answer(challenge, at: now, into: &actions)
    }

    /// The key of a bootstrap address is learnt: its messages go to the node's association.
    ///
    /// - Returns: false when the node is being or can be spoken to otherwise, so that this handshake ends.
    private mutating func adopt(
        _ challenge: Challenge, from: Endpoint, at now: Instant, into actions: inout [Action]
    ) -> Bool {
        let peer = Contact(key: challenge.key, endpoint: from)
        bootstraps[from] = nil
        associate(with: peer, at: now, into: &actions)
        // Making room never takes the handshake itself: it belongs to no association yet.
        let queue = handshakes[challenge.echo]!.queue
        handshakes[challenge.echo]!.queue = []
        for message in queue { queuedBytes -= message.payload.count }
        if let other = associations[peer.nodeID]!.handshake, case .hello? = handshakes[other]?.phase {
            removeHandshake(other)
        }
        let association = associations[peer.nodeID]!
        let hasSession = association.sendingIndex(own: identity.nodeID, at: now, limits: limits) != nil
        let isSpokenTo = association.handshake != nil || (hasSession && !association.isSilent(at: now))
        if isSpokenTo {
            removeHandshake(challenge.echo)
        } else {
            handshakes[challenge.echo]!.node = peer.nodeID
            associations[peer.nodeID]!.handshake = challenge.echo
        }
        for message in queue { enqueue(message, for: peer.nodeID, at: now, into: &actions) }
        if isSpokenTo { flush(peer.nodeID, at: now, into: &actions) }
        return !isSpokenTo
    }

    /// Answers a challenge to a handshake whose node is known, with what waits for the node.
    private mutating func answer(_ challenge: Challenge, at now: Instant, into actions: inout [Action]) {
        guard let handshake = handshakes[challenge.echo], let node = handshake.node else { return }
        let ephemeral = AgreementKeyPair(random: &random)
        guard
            let keys = HandshakeKeys(
                overlay: overlay, challenge: challenge, ephemeral: ephemeral, sessionID: handshake.sessionID)
        else { return handshakeFailed(challenge.echo, .wrongKey, at: now, into: &actions) }
        let frames = update(node) { $0.nextFrames(room: Answer.room, at: now) } ?? []
        let opened = Answer.Opened(
            key: identity.publicKey, incarnation: associations[node]!.incarnation,
            signature: identity.signing.sign(keys.proof(initiator: identity.publicKey)), frames: frames)
        let datagram = Answer.encode(
            to: challenge, ephemeral: ephemeral.publicKey, sessionID: handshake.sessionID, opened: opened, keys: keys)
        handshakes[challenge.echo]!.phase = .answered(keys, datagram: datagram, at: now)
        handshakes[challenge.echo]!.transmissions = 1
        timers.set(.handshake(challenge.echo), to: now + limits.handshakeRetry)
        arm(node)
        actions.append(.transmit(datagram, to: handshake.endpoint))
    }

    /// A challenge to a record: the other side has lost the session. It is answered with a new handshake, and the
    /// session stays until that has succeeded, since anybody on the way could have made the challenge.
    private mutating func recover(
        _ challenge: Challenge, from: Endpoint, at now: Instant, into actions: inout [Action]
    ) {
        guard let node = sessionOwner(of: challenge.echo, at: from, now: now),
            let peer = associations[node]?.peer, peer.key == challenge.key, handshakes.count < limits.handshakes
        else { return dropped(.unknownHandshake, from, into: &actions) }
        associations[node]!.lastRecovery = now
        associations[node]!.handshake = challenge.echo
        start(challenge.echo, destination: .peer(peer), node: node, at: now)
        answer(challenge, at: now, into: &actions)
    }

    mutating func receive(
        _ notice: UnknownSessionNotice, from: Endpoint, at now: Instant, into actions: inout [Action]
    ) {
        guard let node = sessionOwner(of: notice.echo, at: from, now: now) else {
            return dropped(.unknownHandshake, from, into: &actions)
        }
        associations[node]!.lastRecovery = now
        beginHandshake(with: node, at: from, now: now, into: &actions)
    }

    /// The node at that endpoint to which a record with this session ID and counter was sent, when its session may be
    /// recovered now.
    private func sessionOwner(of echo: Echo, at endpoint: Endpoint, now: Instant) -> NodeID? {
        guard let node = nodesByEndpoint[endpoint], let association = associations[node],
            association.handshake == nil,
            association.lastRecovery.map({ now - $0 >= Self.recoveryPause }) ?? true,
            association.sessions.contains(where: { $0.remoteID == echo.high && echo.low < $0.sendCounter })
        else { return nil }
        return node
    }

    /// The first acceptance: it names the responder's session ID, and opening it proves the responder.
    mutating func complete(
        _ echo: Echo, with record: Record, from: Endpoint, at now: Instant, into actions: inout [Action]
    ) {
        guard let handshake = handshakes[echo], case .answered(let keys, _, let answeredAt) = handshake.phase,
            let node = handshake.node, let known = associations[node]?.peer, let responderID = record.responderID
        else { return dropped(.unknownHandshake, from, into: &actions) }
        var session = SecureSession(
            keys: keys, initiator: identity.publicKey, localID: handshake.sessionID, responderID: responderID, at: now)
        guard let opened = try? session.open(record, at: now), let incarnation = opened.incarnation else {
            return dropped(.forged, from, into: &actions)
        }
        guard let frames = try? Frame.decode(opened.frames) else {
            return dropped(.malformedFrame, from, into: &actions)
        }
        let peer = Contact(key: known.key, endpoint: from, nodeID: node)
        removeHandshake(echo)
        let sample = handshake.transmissions == 1 ? now - answeredAt : nil
        begin(session, with: peer, incarnation: incarnation, sample: sample, at: now, into: &actions)
        process(frames, from: peer, at: now, into: &actions)
        flush(node, at: now, into: &actions)
    }

    /// Repeats what was not answered, or gives up.
    mutating func handshakeDue(_ echo: Echo, at now: Instant, into actions: inout [Action]) {
        guard let handshake = handshakes[echo] else { return }
        guard handshake.transmissions < limits.handshakeTransmissions else {
            return handshakeFailed(echo, .handshakeTimedOut, at: now, into: &actions)
        }
        let pause = limits.handshakeRetry * Double(1 << handshake.transmissions)
        handshakes[echo]!.transmissions += 1
        timers.set(.handshake(echo), to: now + pause)
        switch handshake.phase {
        case .hello: actions.append(.transmit(Hello(nonce: echo).encode(check), to: handshake.endpoint))
        case .answered(_, let datagram, _): actions.append(.transmit(datagram, to: handshake.endpoint))
        }
    }

    /// Everything that waited for the handshake fails, unless the node was heard meanwhile by a session.
    private mutating func handshakeFailed(
        _ echo: Echo, _ failure: SessionFailure, at now: Instant, into actions: inout [Action]
    ) {
        guard let handshake = handshakes[echo] else { return }
        removeHandshake(echo)
        actions.append(.observe(.handshakeFailed(handshake.destination, failure)))
        for message in handshake.queue { fail(message, failure, &actions) }
        guard let node = handshake.node, let association = associations[node] else { return }
        if association.sessions.contains(where: { $0.lastHeard > handshake.startedAt }) {
            flush(node, at: now, into: &actions)
        } else {
            drop(node, failure, into: &actions)
        }
    }

    /// Ends a handshake; whatever waits in it is the caller's to move or fail.
    mutating func removeHandshake(_ echo: Echo) {
        guard let handshake = handshakes.removeValue(forKey: echo) else { return }
        for message in handshake.queue { queuedBytes -= message.payload.count }
        owners[handshake.sessionID] = nil
        timers.remove(.handshake(echo))
        if bootstraps[handshake.endpoint] == echo { bootstraps[handshake.endpoint] = nil }
        if let node = handshake.node, associations[node]?.handshake == echo { associations[node]!.handshake = nil }
    }
}
