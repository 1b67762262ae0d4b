import Identity
import Primitives

/// The table of nodes: who is in it, what changes in it, and how it stays bounded.
extension Sessions {
    /// Changes an association in place and keeps the sums over all of them right.
    mutating func update<Result>(_ node: NodeID, _ body: (inout Association) -> Result) -> Result? {
        guard let index = associations.index(forKey: node) else { return nil }
        // Reading through the dictionary would copy the whole association each time.
        func change(_ association: inout Association) -> (result: Result, queued: Int, reserved: Int) {
            let queued = association.sender.queuedBytes
            let reserved = association.receiver.reservedBytes
            let result = body(&association)
            return (result, association.sender.queuedBytes - queued, association.receiver.reservedBytes - reserved)
        }
        let changed = change(&associations.values[index])
        queuedBytes += changed.queued
        reservedBytes += changed.reserved
        return changed.result
    }

    /// Sees to it that there is an association with the node; the least recently used one makes room.
    mutating func associate(with peer: Contact, at now: Instant, into actions: inout [Action]) {
        if associations.index(forKey: peer.nodeID) == nil {
            while associations.count >= limits.associations, let oldest = idle.popDue(at: .distantFuture) {
                if let peer = associations[oldest]?.peer { actions.append(.observe(.expired(peer))) }
                drop(oldest, .forgotten, into: &actions)
            }
            associations[peer.nodeID] = Association(peer: peer, incarnation: random.next())
        }
        touch(peer.nodeID, at: now)
    }

    /// Puts off the expiry, not more often than it matters: a heap is not sorted anew for each datagram.
    mutating func touch(_ node: NodeID, at now: Instant) {
        let expiry = now + limits.idleExpiry
        if let old = idle[node], expiry - old < min(.seconds(1), limits.idleExpiry * 0.125) { return }
        idle.set(node, to: expiry)
    }

    /// Adds a session that was just agreed, and forgets the others when the other side says that it lost them.
    mutating func begin(
        _ session: SecureSession, with peer: Contact, incarnation: UInt64, sample: Interval?, at now: Instant,
        into actions: inout [Action]
    ) {
        let node = peer.nodeID
        let before = associations[node]!.remoteIncarnation
        var removed: [SecureSession] = []
        _ = update(node) { association in
            if before != incarnation {
                removed = association.sessions
                association.sessions = []
                association.remoteIncarnation = incarnation
                association.receiver = ReliableReceiver()
                association.acknowledgements = []
                // Before the first session nothing was sent but what stands in the answer itself.
                if before != nil { association.sender.restart() }
            }
            association.sessions.append(session)
            if association.sessions.count > Association.maximumSessions {
                removed.append(association.sessions.removeFirst())
            }
            association.heard()
            association.sender.sessionBegan(roundTrip: sample, at: now)
        }
        for old in removed { owners[old.localID] = nil }
        owners[session.localID] = .association(node)
        move(node, to: peer.endpoint, at: now)
        touch(node, at: now)
        switch before {
        case nil: actions.append(.established(peer))
        case incarnation: actions.append(.observe(.rekeyed(peer)))
        default:
            actions.append(.observe(.restarted(peer)))
            actions.append(.established(peer))
        }
    }

    /// From now on datagrams for the node go there.
    mutating func move(_ node: NodeID, to endpoint: Endpoint, at now: Instant) {
        let old = associations[node]!.peer.endpoint
        if old != endpoint {
            if nodesByEndpoint[old] == node { nodesByEndpoint[old] = nil }
            associations[node]!.peer.endpoint = endpoint
            associations[node]!.sender.pathChanged()
        }
        nodesByEndpoint[endpoint] = node
    }

    /// Forgets a node; what waited for it fails.
    mutating func drop(_ node: NodeID, _ failure: SessionFailure, into actions: inout [Action]) {
        guard let association = associations[node] else { return }
        if let echo = association.handshake { removeHandshake(echo) }
        associations[node] = nil
        queuedBytes -= association.sender.queuedBytes
        reservedBytes -= association.receiver.reservedBytes
        for session in association.sessions { owners[session.localID] = nil }
        if nodesByEndpoint[association.peer.endpoint] == node { nodesByEndpoint[association.peer.endpoint] = nil }
        timers.remove(.association(node))
        idle.remove(node)
        for message in association.datagrams { fail(message, failure, &actions) }
        for message in association.sender.messages {
            actions.append(.failed(token: message.token, message.destination, failure))
        }
    }

    func fail(_ message: QueuedMessage, _ failure: SessionFailure, _ actions: inout [Action]) {
        actions.append(.failed(token: message.token, message.destination, failure))
    }

    func hasRoom(for message: QueuedMessage) -> Bool {
        queuedBytes + message.payload.count <= limits.queuedBytesInTotal
    }

    mutating func unusedSessionID() -> UInt64 {
        var id = random.next()
        while owners[id] != nil { id = random.next() }
        return id
    }

    mutating func arm(_ node: NodeID) {
        let limits = limits
        let deadline = update(node) { $0.deadline(limits) } ?? nil
        guard deadline != timers[.association(node)] else { return }
        if let deadline { timers.set(.association(node), to: deadline) } else { timers.remove(.association(node)) }
    }

    mutating func armEpoch() {
        guard let deadline = secrets.deadline else { return timers.remove(.epoch) }
        if timers[.epoch] != deadline { timers.set(.epoch, to: deadline) }
    }
}
