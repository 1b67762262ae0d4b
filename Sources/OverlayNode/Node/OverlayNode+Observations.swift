import Kademlia
import Presence
import Primitives
import SIPStack
import Sessions

/// Turns what the cores report into sentences and counts.
extension OverlayNode {
    mutating func count(
        _ name: String, _ level: Observation.Level, _ text: String, _ actions: inout [Action]
    ) {
        counters[name, default: 0] += 1
        actions.append(.observe(Observation(level, name, text)))
    }

    private func joinedText(contacts: Int) -> String {
        guard contacts == 0 else {
            return
                "this node joined the overlay \"\(configuration.network)\": \(contacts) other \(contacts == 1 ? "node" : "nodes") known"
        }
        return remembered.isEmpty
            ? "this node is the first of the overlay \"\(configuration.network)\""
            : "this node is back in the overlay \"\(configuration.network)\" and looks for \(remembered.count) nodes it remembers"
    }

    mutating func observe(_ observation: KademliaObservation, into actions: inout [Action]) {
        switch observation {
        case .joined(let contacts):
            count("joined", .event, joinedText(contacts: contacts), &actions)
        case .joinFailed:
            count(
                "join-failed", .warning,
                "no node answers at \(configuration.bootstrap.map(\.description).joined(separator: ", ")) (UDP); "
                    + "trying again", &actions)
        case .lookup(let trace, let isFound):
            count(
                isFound ? "lookup-found" : "lookup-empty", .debug,
                "lookup: \(trace.hops) hops, \(trace.requests) requests, \(Int(trace.duration.inMilliseconds)) ms",
                &actions)
        case .accepted: counters["record-accepted", default: 0] += 1
        case .refused(_, let reason, let contact):
            count(
                "record-refused", .debug, "refused a record from \(contact?.description ?? "here"): \(reason)", &actions
            )
        case .invalidRecord(let reason, let contact):
            count(
                "record-invalid", .warning, "\(contact) answered with a record that is not valid: \(reason)", &actions)
        case .contactAdded(let contact): count("contact-added", .debug, "knows \(contact)", &actions)
        case .contactLost(let contact): count("contact-lost", .debug, "gave up \(contact)", &actions)
        case .contactIsClient(let contact):
            count("contact-client", .debug, "\(contact) can't be reached unasked any more", &actions)
        case .reachability(let reachability):
            count(
                "reachability", .event,
                reachability == .full
                    ? "others can reach this node"
                    : "others can't reach this node unasked: it takes part as a client and holds no records", &actions)
        case .ownEndpoint(let endpoint):
            count("own-endpoint", .debug, "others see this node at \(endpoint)", &actions)
        case .reflected: counters["reflected", default: 0] += 1
        case .repaired(_, let replicas): counters["record-repaired", default: 0] += UInt64(replicas)
        case .handedOver(let records, let contact):
            count("handed-over", .debug, "handed \(records) records to \(contact)", &actions)
        }
    }
}
