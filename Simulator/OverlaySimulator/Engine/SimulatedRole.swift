import Primitives

/// How a simulated node behaves.
enum SimulatedRole: UInt8, Sendable {
    /// Keeps to the protocol.
    case honest
    /// Keeps to it, and cannot be reached unasked.
    case unreachable
    /// Answers nothing but pings.
    case dropper
    /// Names accomplices as the closest nodes, forges records and forgets what it should hold.
    case liar
    /// Keeps to the protocol and sends requests without end.
    case flooder

    /// The roles of all nodes and then of the Sybils, who lie.
    static func draw(for scenario: Scenario, using random: inout RandomSource) -> [SimulatedRole] {
        let plan = scenario.adversaries
        let unreachable = scenario.reachability?.unreachable ?? 0
        var roles: [SimulatedRole] = []
        roles.reserveCapacity(scenario.nodes + plan.sybils)
        for index in 0..<scenario.nodes {
            let draw = random.unit()
            // The first nodes are those through which others join: honest, or there would be no overlay.
            if index < SimulatedNode.foundingNodes {
                roles.append(.honest)
            } else if draw < plan.droppers {
                roles.append(.dropper)
            } else if draw < plan.droppers + plan.liars {
                roles.append(.liar)
            } else if draw < plan.droppers + plan.liars + plan.flooders {
                roles.append(.flooder)
            } else if random.unit() < unreachable {
                roles.append(.unreachable)
            } else {
                roles.append(.honest)
            }
        }
        return roles + Array(repeating: .liar, count: plan.sybils)
    }

    /// Whether it takes all messages as the protocol has it.
    var isWellBehaved: Bool { self != .dropper && self != .liar }

    var isHonest: Bool { self == .honest || self == .unreachable }
}
