import Identity
import Primitives

// Reaching a node that nobody can reach unasked: the nodes next to it, to which it keeps the way open, tell it whom to
// call (docs/protocol.md §4.10).
extension Kademlia {
    /// So many nodes a client keeps the way open to.
    private static let mostDoorkeepers = 3
    /// So many are asked to pass on that it should call: not all agree on who is closest to it.
    private static let mostAsked = 4

    /// The nodes that tell this one, being a client, who wants to speak to it; nobody when it can be reached.
    var doorkeepers: [ContactHandle] {
        reach.standing == .client ? table.closest(to: nodeID.bits, count: Self.mostDoorkeepers) : []
    }

    /// - Parameter closest: the nodes that are closest to the client, nearest first.
    mutating func introduce(to client: NodeID, through closest: [Contact], into actions: inout [Action]) {
        for contact in closest.prefix(Self.mostAsked) {
            guard contact.nodeID != nodeID, let asked = contacts.handle(of: contact) else { continue }
            send(.introduce(client), to: asked, into: &actions)
        }
    }

    /// Passes on that somebody wants a client to call. Nobody is named but who asks, at the endpoint of its session.
    mutating func passOnIntroduction(
        to client: NodeID, from asker: ContactHandle, at now: Instant, into actions: inout [Action]
    ) {
        guard let contact = clients.contact(of: client, at: now), contact != asker,
            passingOnLimit.admits(
                asker: contacts.bits(asker).prefix, target: client.bits.prefix, within: .passingOn, at: now)
        else { return }
        send(.callThis(asker), to: contact, into: &actions)
    }
}
