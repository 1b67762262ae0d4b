import Kademlia
import Primitives

/// A node of the simulation: the core that ships, and what the shell around it would know.
struct SimulatedNode {
    var core: Kademlia
    /// For what the node's users, its line and its comings and goings draw.
    var random: RandomSource
    /// Over everything that happened to the node.
    var fingerprint = Fingerprint()
    /// The wake-up that lies in the queue, in nanoseconds; later ones are pushed when it comes.
    var wake = UInt64.max
    /// When the line has sent all before.
    var uplinkFree: UInt64 = 0
    /// Events sent so far.
    var sequence: UInt32 = 0
    let role: SimulatedRole
    var isOnline = false
    var hasJoined = false
    /// When it came last.
    var joinedAt = World.start
    /// Never comes back.
    var isDead = false
    /// Contacts to come back through.
    var remembered: [ContactHandle] = []
    /// Nodes with which there is a session, where sessions have a cost.
    var peers: PeerSet?
    /// Nodes that may reach this one, where it can't be reached unasked.
    var openings: OpenedPaths?
    var life: UserLife?

    /// Nodes that are always there: through them others join.
    static let foundingNodes = 8

    init(core: Kademlia, random: RandomSource, role: SimulatedRole, scenario: Scenario) {
        self.core = core
        self.random = random
        self.role = role
        if scenario.sessions == .handshake { peers = PeerSet() }
        if role == .unreachable { openings = OpenedPaths() }
    }

    // Both are mutating so that they work in place: reading a core through an array otherwise copies it.

    /// Whether the core has something to do by `now`.
    mutating func isDue(at now: Instant) -> Bool { core.nextDeadline.map { $0 <= now } ?? false }

    /// The core's deadline if it is earlier than the wake-up in the queue, which it then is.
    mutating func takeEarlierDeadline(at now: Instant) -> UInt64? {
        guard let deadline = core.nextDeadline else { return nil }
        let time = max(deadline, now).nanoseconds
        guard time < wake else { return nil }
        wake = time
        return time
    }
}
