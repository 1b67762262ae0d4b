import Identity
import Primitives
import Testing

@testable import Kademlia

/// Whatever the network does, a watcher is told of each change once, in order, and of the last one in the end.
@Suite struct WatchExactnessTests {
    let domain = TestDomain(seed: 51)

    /// What happens besides the writing.
    struct Trouble: CustomStringConvertible {
        var seed: UInt64
        /// Storing nodes with leases that die one after another.
        var deaths = 0
        /// Nodes that join meanwhile, and take over what is stored.
        var newcomers = 0
        var loss = 0.2

        var description: String { "seed \(seed), \(deaths) deaths, \(newcomers) newcomers" }
    }

    static let troubles: [Trouble] =
        (0..<2).map { Trouble(seed: 500 + $0) } + (0..<3).map { Trouble(seed: 510 + $0, deaths: 1) }
        + (0..<2).map { Trouble(seed: 520 + $0, deaths: 2) } + (0..<3).map { Trouble(seed: 530 + $0, deaths: 3) }
        + (0..<2).map { Trouble(seed: 540 + $0, newcomers: 24) }
        + (0..<2).map { Trouble(seed: 550 + $0, deaths: 3, newcomers: 16) }
        + (0..<2).map { Trouble(seed: 560 + $0, deaths: 3, newcomers: 16, loss: 0) }

    @Test(arguments: troubles)
    func reportsAreTheWritersHistory(_ trouble: Trouble) throws {
        let network = VirtualNetwork.settled(32, seed: trouble.seed)
        var random = RandomSource(seed: trouble.seed * 7 + 1)
        network.loss = trouble.loss
        network.duplication = trouble.loss
        network.reordering = .milliseconds(300)
        let alice = domain.user("alice")
        let resource = alice.presence("").resource
        let writer = 1
        let watcher = 2 + Int(random.next() % 28)
        var history = WatchHistory()
        let steps = 50
        for step in 0..<steps {
            write(alice, from: writer, &history, step, network, &random)
            if step == 4 { network.perform(watcher, .watch(WatchToken(1), .presence, resource)) }
            network.run(for: random.jittered(.seconds(24), by: 0.002...1))
            if trouble.deaths > 0, step % 12 == 10, step / 12 < trouble.deaths {
                killHolder(of: resource, watchedBy: watcher, sparing: writer, network)
            }
            if step % 2 == 1, step / 2 < trouble.newcomers { network.addAndJoin() }
        }
        // Three leases, and the look for the closest nodes that every fourth renewal is.
        network.run(for: .minutes(14))
        let node = network.nodes[watcher]
        #expect(node.changes.count > 20)
        let faults = history.faults(in: node.changes, at: node.changeTimes, end: network.now)
        #expect(faults.isEmpty, "\(trouble): \(faults.joined(separator: "; "))")
    }

    /// One of three entries is written, refreshed or deleted, for long or for some seconds.
    private func write(
        _ user: TestUser, from writer: Int, _ history: inout WatchHistory, _ step: Int, _ network: VirtualNetwork,
        _ random: inout RandomSource
    ) {
        let node = UInt8(1 + random.next() % 3)
        let key = [UInt8](repeating: node, count: 32)
        let token = StoreToken(UInt64(step))
        let old = history.newest(key)
        let isThere = old.map { !$0.isTombstone && $0.notAfter > network.now } ?? false
        let choice = random.next() % 10
        let lasts: Interval = random.next() % 4 == 0 ? .seconds(20 + Int(random.next() % 60)) : .hours(2)
        let record: Record
        if let old, isThere, choice < 2 {
            record = old.tombstone(signingWith: user.identity.signing)
        } else if let old, isThere, choice < 4 {
            record = user.presence(
                String(decoding: old.value, as: UTF8.self), sequence: old.sequence, node: node,
                lasts: old.notAfter + .seconds(30) - TestDomain.epoch)
        } else {
            record = user.presence(
                "step \(step)", sequence: (old?.sequence ?? 0) + 1, node: node,
                lasts: network.now + lasts - TestDomain.epoch)
        }
        history.note(record)
        network.perform(writer, record.isTombstone ? .withdraw(token, record) : .keep(token, record, StoreOptions()))
    }

    private func killHolder(
        of resource: ResourceID, watchedBy watcher: Int, sparing writer: Int, _ network: VirtualNetwork
    ) {
        let holders = network.nodes[watcher].core.watches[ResourceKey(.presence, resource)]?.holders ?? []
        let confirmed = holders.filter(\.isConfirmed).map { network.contacts.nodeID($0.contact) }
        let victim = network.nodes.indices.first {
            $0 != watcher && $0 != writer && network.nodes[$0].isAlive
                && confirmed.contains(network.nodes[$0].contact.nodeID)
        }
        if let victim { network.nodes[victim].isAlive = false }
    }
}
