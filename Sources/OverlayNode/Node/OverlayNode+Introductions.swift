import Identity
import Kademlia
import Primitives
import SIPStack

/// SIP to nodes that nobody can reach unasked: they are told to call (docs/protocol.md §4.10).
extension OverlayNode {
    /// A node that has not acknowledged by then may be one of those.
    static let acknowledgementTime = Interval.milliseconds(400)
    /// How long it may take until such a node calls, and how long it is not asked again.
    static let callTime = Interval.seconds(3)

    mutating func wakeIntroductions(at now: Instant, into actions: inout [Action]) {
        while let token = overdue.popDue(at: now) {
            guard case .sip(_, let flow)? = sends[token], case .node(let node) = flow.remote,
                introductions[node] == nil
            else { continue }
            introductions.set(node, to: now + Self.callTime)
            drive(.lookUpNode(newLookup(.introduction(node)), node), at: now, into: &actions)
        }
        while let node = introductions.popDue(at: now) { sendWaiting(for: node, at: now, into: &actions) }
    }

    /// A session with a node has come about.
    mutating func called(by node: NodeID, at now: Instant, into actions: inout [Action]) {
        guard introductions[node] != nil else { return }
        introductions.remove(node)
        sendWaiting(for: node, at: now, into: &actions)
    }

    /// Sends what waited until it was known where a node is; what waited in vain has failed.
    mutating func sendWaiting(for node: NodeID, at now: Instant, into actions: inout [Action]) {
        for (bytes, flow) in waitingForNode.removeValue(forKey: node) ?? [] {
            if directory[node] != nil {
                sendSIP(bytes, to: node, on: flow, at: now, into: &actions)
            } else {
                drive(.transport(.sendFailed(flow)), at: now, into: &actions)
            }
        }
    }
}
