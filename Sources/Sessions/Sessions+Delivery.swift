import Identity
import Primitives

/// Messages out and in, once there is somebody to speak to.
extension Sessions {
    mutating func send(_ message: QueuedMessage, at now: Instant, into actions: inout [Action]) {
        let longest = message.delivery == .datagram ? Self.maximumDatagramPayload : Self.maximumMessageLength
        guard message.payload.count <= longest else { return fail(message, .tooLong, &actions) }
        switch message.destination {
        case .peer(let peer):
            guard peer.nodeID != identity.nodeID else { return fail(message, .ownEndpoint, &actions) }
            associate(with: peer, at: now, into: &actions)
            enqueue(message, for: peer.nodeID, at: now, into: &actions)
            flush(peer.nodeID, hint: peer.endpoint, at: now, into: &actions)
        case .endpoint(let endpoint):
            guard let node = nodesByEndpoint[endpoint], let association = associations[node],
                !association.sessions.isEmpty, !association.isSilent(at: now)
            else { return bootstrap(message, at: endpoint, now: now, into: &actions) }
            enqueue(message, for: node, at: now, into: &actions)
            flush(node, at: now, into: &actions)
        }
    }

    mutating func enqueue(
        _ message: QueuedMessage, for node: NodeID, at now: Instant, into actions: inout [Action]
    ) {
        let limits = limits
        let hasRoom = hasRoom(for: message)
        let isQueued = update(node) { association in
            if message.delivery == .reliable {
                return hasRoom && association.sender.enqueue(message, at: now, limits: limits)
            }
            guard association.datagrams.count < Association.maximumDatagrams else { return false }
            association.datagrams.append(message)
            return true
        }
        if isQueued != true { fail(message, .queueFull, &actions) }
    }

    /// Sends what may be sent now; begins a handshake when there is no session, or fresh keys are due, or the other
    /// side seems to have gone.
    ///
    /// - Parameters:
    ///   - hint: where the caller believes the node to be, which matters when the session is of no use.
    ///   - mustSpeakOn: the session on which at least one datagram goes out, so that the other side learns of it.
    mutating func flush(
        _ node: NodeID, hint: Endpoint? = nil, mustSpeakOn: UInt64? = nil, at now: Instant,
        into actions: inout [Action]
    ) {
        let own = identity.nodeID
        let limits = limits
        // All reading and writing happens in place: a copy of an association alive meanwhile would make every change
        // copy its sessions.
        let state = update(node) { association in
            association.flush(own: own, mustSpeakOn: mustSpeakOn, at: now, limits: limits, into: &actions)
        }
        guard let state else { return }
        if state.wasBusy, state.hasSession { touch(node, at: now) }
        if state.wasBusy, state.needsHandshake {
            let isHintUsed = state.isSilent || !state.hasSession
            beginHandshake(
                with: node, at: isHintUsed ? hint ?? state.endpoint : state.endpoint, now: now, into: &actions)
        }
        arm(node)
    }

    mutating func receive(
        _ record: Record, length: Int, from: Endpoint, at now: Instant, into actions: inout [Action]
    ) {
        forgetOutdatedSession(record.receiverID, at: now)
        switch owners[record.receiverID] {
        case nil:
            dropped(.unknownSession, from, into: &actions)
            challenge(record.echo, length: length, from: from, at: now, into: &actions)
        case .handshake(let echo): complete(echo, with: record, from: from, at: now, into: &actions)
        case .association(let node):
            do throws(RecordRefusal) {
                let opened = try open(record, of: node, at: now)
                guard let frames = try? Frame.decode(opened.frames) else {
                    return dropped(.malformedFrame, from, into: &actions)
                }
                follow(node, to: from, isLatest: opened.isLatest, receiverID: record.receiverID, at: now, &actions)
                touch(node, at: now)
                process(frames, from: associations[node]!.peer, at: now, into: &actions)
                flush(node, at: now, into: &actions)
            } catch {
                dropped(error.reason, from, into: &actions)
            }
        }
    }

    /// A peer that doesn't agree on fresh keys loses the old ones; nothing could be answered under them anyway.
    private mutating func forgetOutdatedSession(_ id: UInt64, at now: Instant) {
        guard case .association(let node) = owners[id] else { return }
        let limits = limits
        let outdated = update(node) { $0.takeOutdated(id, at: now, limits: limits) } ?? nil
        if outdated != nil { owners[id] = nil }
    }

    private mutating func open(
        _ record: Record, of node: NodeID, at now: Instant
    ) throws(RecordRefusal) -> SecureSession.Opened {
        guard let place = associations.index(forKey: node),
            let index = associations.values[place].sessions.firstIndex(where: { $0.localID == record.receiverID })
        else { throw .forged }
        let opened = try associations.values[place].sessions[index].open(record, at: now)
        associations.values[place].heard()
        return opened
    }

    /// The node's address changed, as behind a NAT that forgot it: the session goes along. Only the latest record of
    /// the newest session counts, so that one that was overtaken or kept back never moves it back.
    private mutating func follow(
        _ node: NodeID, to endpoint: Endpoint, isLatest: Bool, receiverID: UInt64, at now: Instant,
        _ actions: inout [Action]
    ) {
        let own = identity.nodeID
        let limits = limits
        let old = update(node) { association -> Endpoint? in
            guard isLatest, association.peer.endpoint != endpoint,
                let index = association.sendingIndex(own: own, at: now, limits: limits),
                association.sessions[index].localID == receiverID
            else { return nil }
            return association.peer.endpoint
        }
        guard let old = old ?? nil else { return }
        move(node, to: endpoint, at: now)
        actions.append(.observe(.moved(associations[node]!.peer, from: old)))
    }

    mutating func process(_ frames: [Frame], from peer: Contact, at now: Instant, into actions: inout [Action]) {
        for frame in frames {
            switch frame {
            case .datagram(let channel, let bytes):
                actions.append(.deliver(Array(bytes), channel: channel, from: peer))
            case .fragment(let fragment): process(fragment, from: peer, at: now, into: &actions)
            case .acknowledgement(let acknowledgement):
                let result = update(peer.nodeID) { $0.sender.acknowledge(acknowledgement, at: now) }
                if let finished = result?.finished { actions.append(.sent(token: finished.token)) }
                if let lost = result?.lost, lost > 0 {
                    actions.append(.observe(.retransmitted(peer, fragments: lost)))
                }
            }
        }
    }

    private mutating func process(
        _ fragment: Fragment, from peer: Contact, at now: Instant, into actions: inout [Action]
    ) {
        let expiry = now + limits.reassemblyLifetime
        let roomInTotal = limits.reassemblyBytesInTotal - reservedBytes
        let roomForNode = limits.reassemblyBytes
        let outcome = update(peer.nodeID) { association in
            let room = min(roomInTotal, roomForNode - association.receiver.reservedBytes)
            let (outcome, acknowledgement) = association.receiver.receive(fragment, room: room, expiresAt: expiry)
            if let acknowledgement { association.acknowledge(acknowledgement) }
            return outcome
        }
        switch outcome {
        case .message(let bytes, let channel): actions.append(.deliver(bytes, channel: channel, from: peer))
        case .refused: dropped(.reassemblyFull, peer.endpoint, into: &actions)
        case .malformed: dropped(.malformedFrame, peer.endpoint, into: &actions)
        case .waiting, .repeated, nil: break
        }
    }
}
