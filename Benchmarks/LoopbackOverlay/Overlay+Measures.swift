import Kademlia
import Primitives

/// What is measured once all nodes are there.
extension Overlay {
    private static let inFlight = 16
    private static let watches = 100
    private static let knownUsers = 16

    /// Lets the nodes settle for five seconds and watches them for ten.
    func measureIdle() async throws {
        try await Task.sleep(for: .seconds(5))
        let start = Usage.now()
        try await Task.sleep(for: .seconds(10))
        let end = Usage.now()
        let seconds = end.seconds - start.seconds
        idle = IdleRate(
            datagrams: (end.datagrams - start.datagrams) / seconds, cpu: (end.cpuSeconds - start.cpuSeconds) / seconds)
        figures.add("idle.datagrams", idle.datagrams, "/s")
        figures.add("idle.cpu", idle.cpu * 100, "%")
    }

    /// Records signed by the node that puts them, each under a name of its own, one after the other.
    func measurePuts(_ count: Int) async {
        await measurePuts("put", count) { overlay, index, _ in
            let record = overlay.records.byNode(overlay.peers[index].identity)
            overlay.stored.append(record)
            return record
        }
    }

    /// Presence signed by users: of users whom nobody has seen, and of users whose certificate is known already.
    func measurePutsByUsers() async {
        await measurePuts("put_new_user", operations) { overlay, index, _ in
            let user = overlay.records.newUser()
            return overlay.records.presence(of: user, at: overlay.peers[index].identity, sequence: 1)
        }
        let users = (0..<Self.knownUsers).map { _ in records.newUser() }
        for user in users {
            let index = randomPeer
            _ = await put(records.presence(of: user, at: peers[index].identity, sequence: 1), at: index)
        }
        await measurePuts("signed_put", operations) { overlay, index, number in
            let user = users[number % users.count]
            return overlay.records.presence(
                of: user, at: overlay.peers[index].identity, sequence: Int64(2 + number / users.count))
        }
    }

    private func measurePuts(
        _ measure: String, _ count: Int, making make: (isolated Overlay, Int, Int) -> Record
    ) async {
        var times: [Double] = []
        var replicas = 0
        let start = Usage.now()
        for number in 0..<count {
            let index = randomPeer
            let outcome = await put(make(self, index, number), at: index)
            times.append(outcome.seconds)
            replicas += outcome.replicas
        }
        let end = Usage.now()
        figures.add("\(measure).time", times: times)
        figures.add(measure, operations: count, from: start, to: end, idle: idle)
        figures.add("\(measure).replicas", Double(replicas) / Double(count), "")
    }

    /// One after the other, each by a random node.
    func measureGets() async {
        var gets: [TimedGet] = []
        let start = Usage.now()
        for number in 0..<operations { gets.append(await get(stored[number % stored.count], at: randomPeer)) }
        let end = Usage.now()
        addTimes("get", gets)
        figures.add("get", operations: gets.count, from: start, to: end, idle: idle)
        figures.add("get.requests", Double(gets.reduce(0) { $0 + $1.requests }) / Double(gets.count), "")
    }

    private func addTimes(_ measure: String, _ gets: [TimedGet]) {
        figures.add("\(measure).first", times: gets.compactMap(\.secondsToFirst))
        figures.add("\(measure).whole", times: gets.map(\.seconds))
        figures.add("\(measure).found", Double(gets.count(where: \.isFound)) / Double(gets.count) * 100, "%")
    }

    /// So many under way at any time.
    func measureParallelGets() async {
        let count = operations * 2
        let start = Usage.now()
        let found = await withTaskGroup(of: Int.self) { group in
            for lane in 0..<Self.inFlight {
                group.addTask { await self.getAll(from: lane, to: count, by: Self.inFlight) }
            }
            var sum = 0
            for await count in group { sum += count }
            return sum
        }
        let end = Usage.now()
        figures.add("parallel_get.rate", Double(count) / (end.seconds - start.seconds), "/s")
        figures.add("parallel_get.per_cpu_second", Double(count) / (end.cpuSeconds - start.cpuSeconds), "")
        figures.add("parallel_get.found", Double(found) / Double(count) * 100, "%")
    }

    private func getAll(from first: Int, to end: Int, by step: Int) async -> Int {
        var found = 0
        for _ in stride(from: first, to: end, by: step) {
            let record = stored[Int(random.next() % UInt64(stored.count))]
            if await get(record, at: randomPeer).isFound { found += 1 }
        }
        return found
    }

    /// One node watches a name, another puts a record there: how long until the first one knows.
    func measureWatches() async throws {
        var times: [Double] = []
        for _ in 0..<Self.watches {
            let watcher = randomPeer
            let writer = (watcher + 1 + Int(random.next() % UInt64(peers.count - 1))) % peers.count
            let record = records.byNode(peers[writer].identity)
            let (changes, continuation) = AsyncStream<Double>.makeStream()
            let token = peers[watcher].watch(record.kind, record.resource) { _ in
                continuation.yield(Usage.steadySeconds)
                continuation.finish()
            }
            try await Task.sleep(for: .milliseconds(150))
            let timeout = eventLoop.scheduleTask(in: .seconds(5)) { continuation.finish() }
            let begin = Usage.steadySeconds
            peers[writer].put(record, isKept: false) { _ in }
            for await time in changes { times.append(time - begin) }
            timeout.cancel()
            peers[watcher].unwatch(token)
        }
        figures.add("watch.time", times: times)
        figures.add("watch.told", Double(times.count) / Double(Self.watches) * 100, "%")
    }

    /// So many nodes die at once, the first not among them; the others look for everything at once, after 15 s, and
    /// after another minute.
    func measureDeaths(of count: Int) async throws {
        for _ in 0..<count { peers.remove(at: 1 + Int(random.next() % UInt64(peers.count - 1))).close() }
        for pause in [0, 15, 60] {
            try await Task.sleep(for: .seconds(pause))
            var gets: [TimedGet] = []
            for number in 0..<operations { gets.append(await get(stored[number % stored.count], at: randomPeer)) }
            addTimes("deaths.\(pause)", gets)
        }
    }
}
