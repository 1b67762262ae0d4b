import Identity
import Primitives

/// The side that is spoken to first.
extension Sessions {
    mutating func receive(_ hello: Hello, from: Endpoint, at now: Instant, into actions: inout [Action]) {
        challenge(hello.nonce, length: Hello.length, from: from, at: now, into: &actions)
    }

    /// Answers what can't be placed: by a challenge when that is no longer than its cause, else by a notice.
    mutating func challenge(
        _ echo: Echo, length: Int, from: Endpoint, at now: Instant, into actions: inout [Action]
    ) {
        guard challengeLimiter.take(for: from.address, at: now) else {
            return dropped(.rateLimited, from, into: &actions)
        }
        guard length >= Challenge.length else {
            actions.append(.transmit(UnknownSessionNotice(echo: echo).encode(check), to: from))
            return
        }
        let epoch = secrets.epoch(at: now, random: &random)
        armEpoch()
        let challenge = Challenge(
            echo: echo, epoch: epoch.number, cookie: epoch.cookie(for: from, echo: echo), key: identity.publicKey,
            prekey: epoch.prekey.publicKey)
        actions.append(.transmit(challenge.encode(check), to: from))
        actions.append(.observe(.challenged(from)))
    }

    /// The order of the checks is that of their cost: cookie, whether it was used, the address's tokens, and only then
    /// key agreement and signature.
    mutating func receive(_ answer: Answer, from: Endpoint, at now: Instant, into actions: inout [Action]) {
        secrets.erase(at: now)
        guard let epoch = secrets.epoch(numbered: answer.epoch),
            SymmetricKey.areEqual(epoch.cookie(for: from, echo: answer.echo).bytes, answer.cookie.bytes)
        else { return dropped(.staleCookie, from, into: &actions) }
        if let node = secrets.acceptedNode(for: answer.cookie) {
            dropped(.usedCookie, from, into: &actions)
            return acceptAgain(answer.cookie, node, from: from, at: now, into: &actions)
        }
        guard answerLimiter.take(for: from.address, at: now) else { return dropped(.rateLimited, from, into: &actions) }
        guard
            let keys = HandshakeKeys(
                overlay: overlay, answer: answer, identity: identity, prekey: epoch.prekey),
            let opened = answer.open(keys), opened.key != identity.publicKey,
            opened.key.verify(opened.signature, of: keys.proof(initiator: opened.key))
        else { return dropped(.forged, from, into: &actions) }
        guard let frames = try? Frame.decode(opened.frames) else {
            return dropped(.malformedFrame, from, into: &actions)
        }
        let peer = Contact(key: opened.key, endpoint: from)
        secrets.accept(answer.cookie, from: peer.nodeID)
        armEpoch()
        associate(with: peer, at: now, into: &actions)
        let session = SecureSession(
            accepting: answer, keys: keys, initiator: opened.key, localID: unusedSessionID(), at: now)
        begin(session, with: peer, incarnation: opened.incarnation, sample: nil, at: now, into: &actions)
        abandonHello(to: peer, into: &actions, at: now)
        process(frames, from: peer, at: now, into: &actions)
        flush(peer.nodeID, mustSpeakOn: session.localID, at: now, into: &actions)
    }

    /// The initiator repeats its answer: our acceptance was lost.
    private mutating func acceptAgain(
        _ cookie: Echo, _ node: NodeID, from: Endpoint, at now: Instant, into actions: inout [Action]
    ) {
        guard let session = associations[node]?.sessions.first(where: { $0.cookie == cookie && !$0.isConfirmed }),
            answerLimiter.take(for: from.address, at: now)
        else { return }
        flush(node, mustSpeakOn: session.localID, at: now, into: &actions)
    }

    /// A session came about from the other side while our own hello was on its way: what waited for it goes there.
    private mutating func abandonHello(to peer: Contact, into actions: inout [Action], at now: Instant) {
        if let echo = associations[peer.nodeID]?.handshake, case .hello? = handshakes[echo]?.phase {
            removeHandshake(echo)
        }
        if let echo = bootstraps[peer.endpoint], let handshake = handshakes[echo] {
            removeHandshake(echo)
            for message in handshake.queue { enqueue(message, for: peer.nodeID, at: now, into: &actions) }
        }
    }
}
