import Kademlia
import Primitives

/// What a run does, and what it must show: a scenario file as values.
///
/// A run has three parts: the nodes join one after another and their users register (``joining``), the overlay rests
/// (``settling``), and then everything is measured (``measuring``). Times in the plans below count from the start
/// of the measured part, when churn and workload begin as well.
package struct Scenario: Sendable {
    /// One word, as it stands in file names and on the command line.
    package var name: String
    /// What the scenario is about, in a sentence.
    package var about = ""
    /// The nodes of the overlay that are no Sybils.
    package var nodes = 1_000
    /// The seed of everything random.
    package var seed: UInt64 = 1
    /// Over how long the nodes join, evenly.
    package var joining = Interval.minutes(5)
    /// From the last join to the measured part.
    package var settling = Interval.minutes(2)
    /// How long the measured part lasts.
    package var measuring = Interval.minutes(10)
    /// The network under the overlay.
    package var underlay = UnderlayPlan()
    /// Whether the first message to a node costs a handshake.
    package var sessions = SessionModel.handshake
    /// Nodes that come and go.
    package var churn: ChurnPlan?
    /// Nodes that die at once, without a word and for good.
    package var deaths: [DeathPlan] = []
    /// Parts of the network that can't reach each other for a time.
    package var partitions: [PartitionPlan] = []
    /// Nodes that others can't reach unasked.
    package var reachability: ReachabilityPlan?
    /// What the users do.
    package var workload = Workload()
    /// Nodes that do not keep to the protocol.
    package var adversaries = AdversaryPlan()
    /// The overlay's parameters.
    package var overlay = KademliaConfiguration()
    /// What the run must show.
    package var thresholds: [Threshold] = []

    package init(name: String) { self.name = name }
}
