import Primitives

/// What happens by itself.
extension Sessions {
    /// After so many time-outs in a row a handshake is tried: the other side may have lost its keys or moved.
    private static var timeoutsBeforeHandshake: Int { 3 }

    mutating func fireDue(at now: Instant, into actions: inout [Action]) {
        while let timer = timers.popDue(at: now) {
            switch timer {
            case .handshake(let echo): handshakeDue(echo, at: now, into: &actions)
            case .association(let node): associationDue(node, at: now, into: &actions)
            case .epoch:
                secrets.erase(at: now)
                armEpoch()
            }
        }
        while let node = idle.popDue(at: now) {
            if let peer = associations[node]?.peer { actions.append(.observe(.expired(peer))) }
            drop(node, .forgotten, into: &actions)
        }
    }

    private mutating func associationDue(_ node: NodeID, at now: Instant, into actions: inout [Action]) {
        guard let peer = associations[node]?.peer else { return }
        let limits = limits
        var retired: [SecureSession] = []
        var expired: [OutgoingMessage] = []
        var lost = 0
        _ = update(node) { association in
            association.receiver.expire(at: now)
            retired = association.takeRetired(at: now, limits: limits)
            expired = association.sender.takeExpired(at: now)
            if !association.sessions.isEmpty { lost = association.sender.timeOut(at: now) }
        }
        for session in retired { owners[session.localID] = nil }
        for message in expired {
            actions.append(.failed(token: message.token, message.destination, .timedOut))
        }
        if lost > 0 { actions.append(.observe(.retransmitted(peer, fragments: lost))) }
        let timeouts = associations[node]!.sender.consecutiveTimeouts
        if timeouts >= limits.retransmissions { return drop(node, .notAcknowledged, into: &actions) }
        flush(node, at: now, into: &actions)
        if timeouts >= Self.timeoutsBeforeHandshake {
            beginHandshake(with: node, at: peer.endpoint, now: now, into: &actions)
        }
    }
}
