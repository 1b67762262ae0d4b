import OverlaySimulator
import Primitives
import Testing

@Suite struct OverlaySimulationTests {
    private func run(seed: UInt64, nodes: Int = 60, _ change: (inout SimulationPlan) -> Void = { _ in })
        -> SimulationReport
    {
        var plan = SimulationPlan()
        plan.nodes = nodes
        plan.records = 60
        plan.seed = seed
        plan.settling = .seconds(20)
        change(&plan)
        var simulation = OverlaySimulation(plan: plan)
        return simulation.run()
    }

    @Test func everyRecordIsStoredAndFoundAndOneSeedGivesOneRun() {
        let first = run(seed: 1)
        #expect(first.joined == 60)
        #expect(first.stores.success == 1 && first.stores.attempted == 60)
        #expect(first.lookups.success == 1 && first.lookups.attempted == 60)
        #expect(first.replicas.percentile(0) == 16)
        // A quarter of the readers hold the record themselves: that is no hop.
        #expect(first.lookups.hops.mean > 0.5 && first.lookups.hops.mean < 2)
        let second = run(seed: 1)
        #expect(second.fingerprint == first.fingerprint)
        #expect(second.events == first.events && second.messages == first.messages)
        #expect(run(seed: 2).fingerprint != first.fingerprint)
    }

    @Test func recordsOutliveTheDeathOfAThirdOfTheNodesAndLoss() {
        let report = run(seed: 3) {
            $0.deaths = 0.33
            $0.loss = 0.02
        }
        #expect(report.lookups.success == 1)
    }

    @Test func simultaneousEventsAreOrderedByWhomTheyConcern() {
        var queue = EventQueue()
        var entries: [EventQueue.Entry] = []
        for time in 0..<3 {
            for destination in 0..<3 {
                for source in 0..<3 {
                    for sequence in 0..<3 {
                        entries.append(
                            EventQueue.Entry(
                                time: UInt64(time), destination: UInt32(destination), source: UInt32(source),
                                sequence: UInt32(sequence), slot: 0))
                    }
                }
            }
        }
        var random = RandomSource(seed: 4)
        for entry in entries.shuffled(using: &random) { queue.push(entry) }
        for entry in entries {
            let popped = queue.pop()
            #expect(popped?.time == entry.time && popped?.destination == entry.destination)
            #expect(popped?.source == entry.source && popped?.sequence == entry.sequence)
        }
        #expect(queue.pop() == nil)
    }

    @Test func delaysResembleTheInternet() {
        var underlay = CoordinateUnderlay(random: RandomSource(seed: 5))
        var delays = Distribution()
        for _ in 0..<400 { underlay.addNode() }
        for a in 0..<400 {
            for b in 0..<a { delays.add(underlay.delay(from: a, to: b).inMilliseconds) }
        }
        #expect((60...85).contains(delays.percentile(0.5)))
        #expect((130...175).contains(delays.percentile(0.9)))
        #expect((205...290).contains(delays.percentile(0.99)))
    }
}
