import Identity
import Kademlia
import Primitives

/// What all nodes of a simulation share, and what stays as it is while they run.
final class World: Sendable {
    let scenario: Scenario
    /// The overlay's configuration, which all cores share.
    let configuration: SharedConfiguration
    let underlay: Underlay
    let contacts: ContactDirectory
    let addresses: AddressPlan
    let users: SimulatedUsers
    let buddies: BuddyLists
    let daily: DailyCurve
    let sessionLengths: SessionLengths?
    let absenceLengths: SessionLengths?
    let roles: [SimulatedRole]
    let accomplices: Accomplices
    /// Whether messages pass through their encoding and encryption.
    let wire: WireFormat?

    /// Nodes of the overlay and Sybils.
    var count: Int { roles.count }
    /// 2030-01-01, so that nothing depends on the day of the run.
    static let start = Instant(secondsSince1970: 1_893_456_000)
    /// When the measured part begins.
    let measuredFrom: Instant
    let end: Instant

    init(_ scenario: Scenario, isWire: Bool, random: inout RandomSource) {
        var scenario = scenario
        // Where some can't be reached all have to find out whether they can.
        if scenario.reachability != nil { scenario.overlay.assumesReachable = false }
        self.scenario = scenario
        configuration = SharedConfiguration(scenario.overlay)
        let total = scenario.nodes + scenario.adversaries.sybils
        underlay = Underlay(plan: scenario.underlay, nodes: total, random: random.split())
        contacts = ContactDirectory(capacity: total, exemptPrefixes: scenario.overlay.exemptPrefixes, isShared: true)
        addresses = AddressPlan(nodes: scenario.nodes)
        users = SimulatedUsers(random: random.split(), count: scenario.workload.users ?? scenario.nodes)
        buddies = BuddyLists(scenario.workload.buddies, users: users.count, seed: random.next())
        daily = DailyCurve(factors: scenario.workload.daily)
        sessionLengths = scenario.churn.flatMap { SessionLengths(law: $0.law, median: $0.medianSession) }
        absenceLengths = scenario.churn.flatMap { SessionLengths(law: $0.law, median: $0.medianAbsence) }
        roles = SimulatedRole.draw(for: scenario, using: &random)
        measuredFrom = Self.start + scenario.joining + scenario.settling
        end = measuredFrom + scenario.measuring
        Self.addNodes(to: contacts, total, scenario, addresses, users, &random)
        accomplices = Accomplices(roles, contacts, users, random: random.split())
        // Drawn in any case: a run is the same with and without.
        let format = WireFormat(random: &random)
        wire = isWire ? format : nil
    }

    /// Makes up the nodes' keys; in a simulation nobody signs with them.
    private static func addNodes(
        to contacts: ContactDirectory, _ total: Int, _ scenario: Scenario, _ addresses: AddressPlan,
        _ users: SimulatedUsers, _ random: inout RandomSource
    ) {
        let besieged = users.resource(.registration, ofUser: 0).bits
        for index in 0..<total {
            let key = PublicSigningKey(bits: .random(using: &random))
            var id = key.nodeID
            if index >= scenario.nodes, index - scenario.nodes < scenario.adversaries.groundIDs {
                // Closer to the resource than any honest node can be expected to be.
                var bits = Bits256.random(using: &random)
                bits.words[0] = besieged.words[0] ^ (bits.words[0] >> 40)
                id = NodeID(bits: bits)
            }
            let endpoint = addresses.endpoint(of: index)
            _ = contacts.add(Contact(key: key, endpoint: endpoint, nodeID: id))
        }
    }

    /// Time since the measured part began; negative before.
    func measured(_ now: Instant) -> Interval { now - measuredFrom }
}
