import Kademlia
import Primitives

/// A run of a scenario: an overlay of many nodes under a clock of its own, with the very core that ships, fed with
/// messages and wake-ups in time order.
///
/// One scenario with one seed gives one ``RunReport/fingerprint``, on however many threads and whether or not messages
/// pass through their encoding.
package final class Simulation {
    /// What the simulation leaves to who runs it.
    package struct Host: Sendable {
        /// Calls the closure with the numbers from 0 on, each on a thread of its own, and returns when all have ended.
        package var concurrently: @Sendable (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
        /// Gives the processor to others for a moment.
        package var pause: @Sendable () -> Void
        /// Whether the run is to end early.
        package var isStopped: @Sendable () -> Bool
        /// Bytes of memory that the process has; 0 if that is not known.
        package var memory: @Sendable () -> Int

        package init(
            concurrently: @escaping @Sendable (Int, @escaping @Sendable (Int) -> Void) -> Void,
            pause: @escaping @Sendable () -> Void, isStopped: @escaping @Sendable () -> Bool,
            memory: @escaping @Sendable () -> Int
        ) {
            self.concurrently = concurrently
            self.pause = pause
            self.isStopped = isStopped
            self.memory = memory
        }
    }

    let scenario: Scenario
    let world: World
    let nodes: UnsafeMutablePointer<SimulatedNode>
    let shards: [Shard]
    let host: Host
    private let meeting: WindowMeeting
    var conditions = Conditions()
    var random: RandomSource
    var now = World.start
    var findings = Findings()
    private var isStopped = false

    /// - Parameter threads: at least 1; more than the machine has cores make it slower.
    /// - Parameter isWire: passes every message through its encoding and encryption.
    package init(_ scenario: Scenario, threads: Int = 1, isWire: Bool = false, host: Host) {
        precondition(threads >= 1 && scenario.nodes >= 1, "a simulation has a node and a thread at least")
        self.scenario = scenario
        self.host = host
        random = RandomSource(seed: scenario.seed)
        let world = World(scenario, isWire: isWire, random: &random)
        self.world = world
        nodes = .allocate(capacity: world.count)
        for index in 0..<world.count {
            let contact = world.contacts[ContactHandle(index: UInt32(index))]
            let core = Kademlia(
                self: contact.key, nodeID: contact.nodeID, sharing: world.configuration, random: random.split(),
                contacts: world.contacts)
            (nodes + index).initialize(
                to: SimulatedNode(core: core, random: random.split(), role: world.roles[index], scenario: scenario))
        }
        let nodes = nodes
        shards = (0..<threads).map { Shard($0, of: threads, world: world, nodes: nodes) }
        meeting = WindowMeeting(parties: threads, pause: host.pause)
    }

    deinit {
        nodes.deinitialize(count: world.count)
        nodes.deallocate()
    }

    /// Runs the scenario to its end, or until it is stopped.
    package func run(progress: (RunProgress) -> Void = { _ in }) -> RunReport {
        scheduleJoins()
        scheduleChurn()
        for milestone in milestones() {
            run(before: milestone.time, progress)
            if isStopped { break }
            reach(milestone.event)
        }
        return report(isComplete: !isStopped)
    }

    /// Lets everything happen before a moment.
    private func run(before end: Instant, _ progress: (RunProgress) -> Void) {
        for shard in shards { shard.conditions = conditions }
        if shards.count == 1 {
            shards[0].run(before: end.nanoseconds)
        } else {
            let shards = UncheckedShards(shards: shards)
            let meeting = meeting
            host.concurrently(shards.shards.count) { index in
                shards.shards[index].run(before: end.nanoseconds, with: shards.shards, meeting)
            }
        }
        now = end
        isStopped = host.isStopped()
        let whole = world.end - World.start
        progress(
            RunProgress(
                stage: now < World.start + scenario.joining
                    ? "joining" : conditions.isMeasuring ? "measuring" : "settling",
                share: (now - World.start).inSeconds / whole.inSeconds, events: events,
                virtualTime: now - World.start))
    }

    var events: Int { shards.reduce(0) { $0 + $1.tally.events } }

    /// The shards on their way to the threads that run one of them each.
    ///
    /// Unchecked Sendable is sound because a thread changes only its own shard, and what shards take from each other is
    /// handed over at barriers.
    private struct UncheckedShards: @unchecked Sendable {
        let shards: [Shard]
    }

    // MARK: Schedules

    private func push(_ slot: UInt32, to index: Int, at time: Instant) {
        shards[index % shards.count].push(to: UInt32(index), from: UInt32(index), at: time.nanoseconds, slot: slot)
    }

    private func scheduleJoins() {
        for index in 0..<world.count {
            let share = Double(index) / Double(max(world.count, 1))
            push(Slot.join, to: index, at: World.start + scenario.joining * share)
        }
    }

    /// From when churn begins each node is in the middle of a session, which ends at some time.
    private func scheduleChurn() {
        guard let churn = scenario.churn else { return }
        let begin = world.measuredFrom - churn.warmUp
        if case .trace(_, let sessions) = churn.law {
            for session in sessions where session.node < scenario.nodes && session.node >= SimulatedNode.foundingNodes {
                push(Slot.join, to: session.node, at: begin + session.from)
                push(Slot.leave, to: session.node, at: begin + session.to)
            }
            return
        }
        guard let lengths = world.sessionLengths else { return }
        for index in min(SimulatedNode.foundingNodes, scenario.nodes)..<scenario.nodes {
            let first = lengths.remaining(using: &nodes[index].random)
            push(Slot.leave, to: index, at: begin + first)
        }
    }

    /// The workload begins for each node at a moment of its own.
    func scheduleWorkload() {
        let work = scenario.workload
        for index in 0..<scenario.nodes {
            let shard = shards[index % shards.count]
            shard.now = now
            shard.pushNext(index, Slot.lookUp, perHour: work.lookupsPerHour)
            guard nodes[index].life != nil else { continue }
            shard.pushNext(index, Slot.change, perHour: work.storesPerHour)
            shard.pushNext(index, Slot.presence, perHour: work.changesPerHour, curve: world.daily)
            shard.pushNext(index, Slot.call, perHour: work.callsPerHour)
        }
        for index in 0..<world.count where nodes[index].role == .flooder {
            let shard = shards[index % shards.count]
            shard.pushNext(index, Slot.flood, perHour: scenario.adversaries.floodPerSecond * 3_600)
        }
    }

    /// Users begin to watch their buddies while the overlay settles, so that the watches stand when it is measured.
    func scheduleWatches() {
        guard case .none = scenario.workload.buddies else {
            for index in 0..<scenario.nodes where nodes[index].life != nil {
                push(Slot.watch, to: index, at: now + scenario.settling * (0.6 * nodes[index].random.unit()))
            }
            return
        }
    }
}
