import Identity
import Kademlia
import NIOCore
import NodeIO
import Primitives

/// All nodes of a run, on one event loop, which is also the executor of this actor: to ask a node for something is
/// an ordinary call on the node's own thread.
actor Overlay {
    /// How long a node waits before it looks again for what it did not find.
    private static let retryDelay = Duration.milliseconds(200)
    /// Nodes that have not found anything after so many seconds never will.
    private static let longestStart = 120.0
    /// Every node knows one of the first so many.
    private static let entrances = 8

    nonisolated let eventLoop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

    let figures: Figures
    let operations: Int
    let quorum: Int
    var random: RandomSource
    var records: SignedRecords
    var peers: [PeerLoop] = []
    var idle = IdleRate()
    /// What was put, for the gets.
    var stored: [Record] = []

    init(on eventLoop: any EventLoop, figures: Figures, operations: Int, quorum: Int, seed: UInt64) {
        self.eventLoop = eventLoop
        self.figures = figures
        self.operations = operations
        self.quorum = quorum
        random = RandomSource(seed: seed)
        var clock = SystemClock()
        records = SignedRecords(random: random.split(), now: clock.now())
    }

    /// Starts all nodes at once, puts a record at the first and lets every node look until it has found it.
    func start(_ count: Int) async throws {
        let memory = Usage.residentBytes
        let begin = Usage.now()
        for index in 0..<count {
            let peer = try PeerLoop(network: "loopback", on: eventLoop, random: &random)
            let entrance = index == 0 ? nil : peers[Int(random.next() % UInt64(min(index, Self.entrances)))].endpoint
            peers.append(peer)
            try await peer.start(bootstrap: entrance.map { [$0] } ?? []).get()
        }
        figures.add("start.started", Usage.steadySeconds - begin.seconds, "s")
        let record = records.byNode(peers[0].identity)
        _ = await put(record, at: 0, isKept: true)
        let times = await withTaskGroup(of: Double?.self) { group in
            for index in peers.indices {
                group.addTask { await self.timeUntilFound(record, at: index, since: begin.seconds) }
            }
            var times: [Double] = []
            for await case let time? in group { times.append(time) }
            return times
        }
        if let last = times.max(), times.count == count { figures.add("start.resolved", last, "s") }
        figures.add("start.unresolved", Double(count - times.count), "nodes")
        figures.add("start.cpu", Usage.now().cpuSeconds - begin.cpuSeconds, "s")
        figures.add("start.memory_per_node", (Usage.residentBytes - memory) / Double(count) / 1e6, "MB")
    }

    /// - Returns: seconds from `begin` on; nil when it never found the record.
    private func timeUntilFound(_ record: Record, at index: Int, since begin: Double) async -> Double? {
        while Usage.steadySeconds - begin < Self.longestStart {
            if await get(record, at: index).isFound { return Usage.steadySeconds - begin }
            try? await Task.sleep(for: Self.retryDelay)
        }
        return nil
    }

    /// Those that live die as well.
    func close() {
        for peer in peers { peer.close() }
    }

    // MARK: operations

    var randomPeer: Int { Int(random.next() % UInt64(peers.count)) }

    func get(_ record: Record, at index: Int) async -> TimedGet {
        await withCheckedContinuation { continuation in
            let begin = Usage.steadySeconds
            peers[index].get(record.kind, record.resource, quorum: quorum) { outcome in
                continuation.resume(
                    returning: TimedGet(
                        seconds: Usage.steadySeconds - begin,
                        secondsToFirst: outcome.trace.firstRecordAfter?.inSeconds,
                        isFound: outcome.records.contains(record), requests: outcome.trace.requests))
            }
        }
    }

    /// - Returns: seconds it took, and how many nodes hold the record.
    func put(_ record: Record, at index: Int, isKept: Bool = false) async -> (seconds: Double, replicas: Int) {
        await withCheckedContinuation { continuation in
            let begin = Usage.steadySeconds
            peers[index].put(record, isKept: isKept) { outcome in
                continuation.resume(returning: (Usage.steadySeconds - begin, outcome.replicas))
            }
        }
    }
}
