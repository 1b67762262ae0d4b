import Identity
import Primitives

/// Encrypted, authenticated sessions between nodes over datagrams: the core.
///
/// A node is spoken to by its key. A handshake (hello, challenge, answer, acceptance) happens by itself when there is
/// something to send; messages wait for it within bounds, and the first ones travel inside the answer. See
/// "Sessions" in docs/protocol.md for every byte.
package struct Sessions: Sendable {
    /// The longest datagram that is sent or received.
    package static let maximumDatagramLength = 1280
    /// The longest message with ``Delivery/datagram``: what fits in the answer of a handshake.
    package static let maximumDatagramPayload = 1080
    /// The longest message with ``Delivery/reliable``: 64 KiB.
    package static let maximumMessageLength = Fragment.length * Fragment.maximumCount

    /// What happens to the core.
    package enum Event: Sendable {
        /// A datagram arrived.
        case datagram([UInt8], from: Endpoint)
        /// A message is to go out; `token` comes back with its fate.
        case send([UInt8], channel: Channel, to: Destination, delivery: Delivery, token: UInt64)
        /// Everything about a node is to be dropped; what waits for it fails.
        case forget(NodeID)
        /// ``nextDeadline`` is reached.
        case wake
    }

    /// What the core wants done.
    package enum Action: Sendable {
        case transmit([UInt8], to: Endpoint)
        /// A message from an authenticated node.
        case deliver([UInt8], channel: Channel, from: Contact)
        /// A first session, or the first after the other side had lost its state.
        case established(Contact)
        /// A reliable message was acknowledged whole.
        case sent(token: UInt64)
        /// A message was given up. For a datagram this is said only when no session came about.
        case failed(token: UInt64, Destination, SessionFailure)
        case observe(SessionObservation)
    }

    /// Whose session ID it is.
    enum Owner: Sendable {
        case association(NodeID)
        case handshake(Echo)
    }

    enum Timer: Hashable, Sendable {
        case handshake(Echo)
        case association(NodeID)
        case epoch
    }

    let identity: NodeIdentity
    let overlay: OverlayID
    let limits: SessionLimits
    let check: DatagramCheck
    var random: RandomSource
    var associations: [NodeID: Association] = [:]
    var handshakes: [Echo: Handshake] = [:]
    /// Handshakes with an endpoint whose key is not known yet.
    var bootstraps: [Endpoint: Echo] = [:]
    /// Where each session ID that we gave out leads.
    var owners: [UInt64: Owner] = [:]
    var nodesByEndpoint: [Endpoint: NodeID] = [:]
    var timers = DeadlineQueue<Timer>()
    /// When each association expires if nothing more happens: the least recently used first.
    var idle = DeadlineQueue<NodeID>()
    var secrets: ResponderSecrets
    var challengeLimiter: AddressLimiter
    var answerLimiter: AddressLimiter
    /// Sums over all associations and handshakes.
    var queuedBytes = 0
    var reservedBytes = 0

    /// - Parameter random: keyed with unpredictable bytes, except in simulations: keys and session IDs come from it.
    package init(
        identity: NodeIdentity, overlay: OverlayID, random: RandomSource, limits: SessionLimits = SessionLimits()
    ) {
        self.identity = identity
        self.overlay = overlay
        self.random = random
        self.limits = limits
        check = DatagramCheck(overlay: overlay)
        secrets = ResponderSecrets(limits: limits)
        challengeLimiter = AddressLimiter(
            perSecond: limits.challengesPerSecond, burst: limits.challengeBurst, addresses: limits.addresses)
        answerLimiter = AddressLimiter(
            perSecond: limits.answersPerSecond, burst: limits.answerBurst, addresses: limits.addresses)
    }

    /// When the core wants to be woken.
    package var nextDeadline: Instant? {
        Instant.earliest(timers.earliest, idle.earliest)
    }

    /// How many nodes there is some state about.
    package var associationCount: Int { associations.count }

    /// The measured round trip of a node with a session, as a time-out for a request to it might use it; nil without.
    package func retransmissionTimeout(of node: NodeID) -> Interval? {
        associations[node].flatMap { $0.sessions.isEmpty ? nil : $0.sender.roundTrip.timeout }
    }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        fireDue(at: now, into: &actions)
        switch event {
        case .datagram(let datagram, let from): receive(datagram, from: from, at: now, into: &actions)
        case .send(let payload, let channel, let destination, let delivery, let token):
            let message = QueuedMessage(
                payload: payload, channel: channel, destination: destination, delivery: delivery, token: token)
            send(message, at: now, into: &actions)
        case .forget(let node): drop(node, .forgotten, into: &actions)
        case .wake: break
        }
    }

    private mutating func receive(
        _ datagram: [UInt8], from: Endpoint, at now: Instant, into actions: inout [Action]
    ) {
        guard datagram.count <= Self.maximumDatagramLength else { return dropped(.tooLong, from, into: &actions) }
        guard let type = datagram.first.flatMap(DatagramType.init(rawValue:)) else {
            return dropped(.malformed, from, into: &actions)
        }
        do throws(MalformedBytes) {
            switch type {
            case .hello, .challenge, .unknownSession:
                guard check.isGood(datagram) else { return dropped(.foreignOverlay, from, into: &actions) }
                if type == .hello {
                    receive(try Hello(decoding: datagram), from: from, at: now, into: &actions)
                } else if type == .challenge {
                    receive(try Challenge(decoding: datagram), from: from, at: now, into: &actions)
                } else {
                    receive(try UnknownSessionNotice(decoding: datagram), from: from, at: now, into: &actions)
                }
            case .answer: receive(try Answer(decoding: datagram), from: from, at: now, into: &actions)
            case .acceptance, .record:
                let record = try Record(decoding: datagram)
                receive(record, length: datagram.count, from: from, at: now, into: &actions)
            }
        } catch {
            dropped(.malformed, from, into: &actions)
        }
    }

    func dropped(_ reason: DropReason, _ from: Endpoint, into actions: inout [Action]) {
        actions.append(.observe(.dropped(reason, from: from)))
    }
}

/// Its random source would give away every key to come, so it shows only how much it holds.
extension Sessions: CustomStringConvertible, CustomReflectable {
    package var description: String { "sessions of \(identity.nodeID) with \(associations.count) nodes" }
    package var customMirror: Mirror { Mirror(self, children: ["identity": identity.nodeID]) }
}
