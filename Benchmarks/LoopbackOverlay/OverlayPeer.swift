import Identity
import Kademlia
import OverlayNode
import Primitives
import Sessions

/// The overlay's half of a node, its sessions and its Kademlia, joined in the way in which `OverlayNode` joins them.
///
/// A whole node has no command that stores or finds one record of any kind, and what SIP would add to the cost of a
/// record is not what is measured here.
struct OverlayPeer: Sendable {
    enum Event: Sendable {
        case datagram([UInt8], from: Endpoint)
        case overlay(Kademlia.Event)
        case wake
    }

    enum Action: Sendable {
        case transmit([UInt8], to: Endpoint)
        /// Whatever is meant for those who use the overlay.
        case overlay(Kademlia.Action)
    }

    private var sessions: Sessions
    private var kademlia: Kademlia
    private var directory = NodeDirectory()

    /// - Parameter network: the overlay's name; peers of different ones never talk.
    init(identity: NodeIdentity, network: String, random: RandomSource) {
        var random = random
        sessions = Sessions(identity: identity, overlay: OverlayID(name: network), random: random.split())
        kademlia = Kademlia(
            self: identity.publicKey, configuration: KademliaConfiguration(), random: random.split())
    }

    var nextDeadline: Instant? {
        guard let first = sessions.nextDeadline else { return kademlia.nextDeadline }
        guard let second = kademlia.nextDeadline else { return first }
        return min(first, second)
    }

    mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        switch event {
        case .datagram(let bytes, let endpoint):
            drive(Sessions.Event.datagram(bytes, from: endpoint), at: now, into: &actions)
        case .overlay(let event): drive(event, at: now, into: &actions)
        case .wake: break
        }
        if let deadline = sessions.nextDeadline, deadline <= now {
            drive(Sessions.Event.wake, at: now, into: &actions)
        }
        if let deadline = kademlia.nextDeadline, deadline <= now {
            drive(Kademlia.Event.wake, at: now, into: &actions)
        }
    }

    private mutating func drive(_ event: Sessions.Event, at now: Instant, into actions: inout [Action]) {
        var out: [Sessions.Action] = []
        sessions.handle(event, at: now, into: &out)
        for action in out {
            switch action {
            case .transmit(let datagram, let endpoint): actions.append(.transmit(datagram, to: endpoint))
            case .deliver(let bytes, _, let peer):
                directory.learn(peer)
                let contacts = kademlia.contacts
                guard let message = try? Message(decoding: bytes, handle: { contacts.handle(of: $0) }),
                    let contact = contacts.handle(of: peer)
                else { continue }
                drive(Kademlia.Event.received(message, from: contact), at: now, into: &actions)
            case .established(let peer): directory.learn(peer)
            case .failed(_, let destination, let failure):
                failed(destination, failure, at: now, into: &actions)
            case .sent, .observe: break
            }
        }
    }

    private mutating func failed(
        _ destination: Destination, _ failure: SessionFailure, at now: Instant, into actions: inout [Action]
    ) {
        guard [.handshakeTimedOut, .wrongKey, .notAcknowledged, .ownEndpoint].contains(failure) else { return }
        switch destination {
        case .peer(let peer):
            directory.forget(peer.nodeID)
            guard let contact = kademlia.contacts.handle(of: peer) else { return }
            drive(Kademlia.Event.unreachable(.contact(contact)), at: now, into: &actions)
        case .endpoint(let endpoint):
            drive(Kademlia.Event.unreachable(.endpoint(endpoint)), at: now, into: &actions)
        }
    }

    private mutating func drive(_ event: Kademlia.Event, at now: Instant, into actions: inout [Action]) {
        var out: [Kademlia.Action] = []
        kademlia.handle(event, at: now, into: &out)
        for action in out {
            if case .send(let message, let destination) = action {
                send(message, to: destination, at: now, into: &actions)
            } else {
                actions.append(.overlay(action))
            }
        }
    }

    private mutating func send(
        _ message: Message, to destination: MessageDestination, at now: Instant, into actions: inout [Action]
    ) {
        let bytes = message.encode(contacts: kademlia.contacts)
        let target: Destination =
            switch destination {
            case .contact(let contact): .peer(kademlia.contacts[contact])
            case .endpoint(let endpoint): .endpoint(endpoint)
            }
        let delivery: Delivery = bytes.count <= Sessions.maximumDatagramPayload ? .datagram : .reliable
        drive(
            Sessions.Event.send(bytes, channel: .kademlia, to: target, delivery: delivery, token: 0), at: now,
            into: &actions)
    }
}
