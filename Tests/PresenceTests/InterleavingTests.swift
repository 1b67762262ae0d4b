import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

@Suite("Any interleaving of what can happen to a presentity")
struct InterleavingTests {
    /// What must be true, kept beside the agent by the simplest means.
    private struct Model {
        struct Publication {
            var tag: String
            var tuples: [String]
            var expires: Instant
            var order: Int
        }
        struct Watcher {
            var call: String
            var toTag: String
            var flow: Flow
            var cseq = 1
            var notifySequence: UInt32 = 0
            var version: Int64 = 0
            var shown = ""
            var isAlive = true
            var expires: Instant
        }

        var publications: [Publication] = []
        var watchers: [Watcher] = []
        var remote: (tuples: [String], version: Int64)?
        var order = 0

        /// Tuple ids with their status, the fresher first.
        func expected(isOverlay: Bool) -> Set<String> {
            var seen: Set<String> = []
            var out: Set<String> = []
            var sources = publications.sorted { $0.order > $1.order }.map(\.tuples)
            // The remote node's tuples have ids of their own, so their freshness does not matter.
            if !isOverlay, let remote { sources.append(remote.tuples) }
            for tuple in sources.joined() where seen.insert(String(tuple.prefix { $0 != "=" })).inserted {
                out.insert(tuple)
            }
            return out.isEmpty ? ["\(Composition.neutralID)=closed"] : out
        }
    }

    private struct Run {
        var driver: AgentDriver
        var model = Model()
        var random: RandomSource
        var pending: [AgentDriver.Sent] = []
        var lastPublished = (version: Int64(0), document: [UInt8]?.none, expires: Instant(nanoseconds: 0))
        var names = 0

        init(seed: UInt64) {
            driver = AgentDriver(seed: seed)
            random = RandomSource(seed: seed &* 7919)
        }

        mutating func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

        /// Takes what the last event led to: NOTIFYs reach their watchers, answers are still open.
        mutating func collect() throws {
            for action in driver.actions {
                if case .publish(_, let document, let version, let expires) = action {
                    // A version twice is the same document for longer.
                    let isProlonged =
                        version == lastPublished.version && document == lastPublished.document
                        && expires >= lastPublished.expires
                    #expect(version > lastPublished.version || isProlonged)
                    lastPublished = (version, document, expires)
                }
            }
            for notify in driver.sent {
                let call = try notify.message.callID
                let index = try #require(model.watchers.firstIndex { $0.call == call })
                let number = try notify.message.cseq.number
                #expect(number > model.watchers[index].notifySequence)
                model.watchers[index].notifySequence = number
                #expect(!pending.contains { (try? $0.message.callID) == call })
                if let version = try notify.message.sipETag.flatMap({ Int64($0) }) {
                    #expect(version >= model.watchers[index].version)
                    model.watchers[index].version = version
                }
                if notify.document != nil { model.watchers[index].shown = summary(notify.document) }
                if notify.state.hasPrefix("terminated") { model.watchers[index].isAlive = false }
                pending.append(notify)
            }
        }

        mutating func publish() throws {
            let tuples = (0...draw(2)).map { _ in "t\(draw(3))" }
            let unique = Array(Set(tuples)).sorted().map { "\($0)=\(draw(2) == 0 ? "open" : "closed")" }
            let inner = unique.map { text in
                let parts = text.split(separator: "=")
                return tuple(String(parts[0]), String(parts[1]))
            }.joined()
            let expires = 60 + draw(200)
            let index = model.publications.isEmpty || draw(2) == 0 ? nil : draw(model.publications.count)
            let tag = index.map { model.publications[$0].tag }
            guard try driver.publish(inner, tag: tag, expires: expires) == 200 else { return }
            model.order += 1
            let publication = Model.Publication(
                tag: try driver.response?.sipETag ?? "", tuples: unique, expires: driver.now + .seconds(expires),
                order: model.order)
            if let index { model.publications[index] = publication } else { model.publications.append(publication) }
        }

        mutating func refreshOrRemove() throws {
            guard !model.publications.isEmpty else { return }
            let index = draw(model.publications.count)
            let expires = draw(2) == 0 ? 0 : 100
            #expect(try driver.publish(tag: model.publications[index].tag, expires: expires) == 200)
            if expires == 0 {
                model.publications.remove(at: index)
            } else {
                model.publications[index].tag = try driver.response?.sipETag ?? ""
                model.publications[index].expires = driver.now + .seconds(expires)
            }
        }

        mutating func subscribe() throws {
            names += 1
            let call = "call\(names)"
            let flow = [AgentDriver.phone, AgentDriver.stream, .overlay(AgentDriver.farNode)][draw(3)]
            let expires = [0, 60 + draw(300)][draw(4) == 0 ? 0 : 1]
            #expect(try driver.subscribe(call: call, expires: expires, flow: flow) == 200)
            model.watchers.append(
                Model.Watcher(
                    call: call, toTag: try driver.response?.to.tag ?? "", flow: flow,
                    expires: driver.now + .seconds(expires)))
        }

        mutating func resubscribe() throws {
            let alive = model.watchers.indices.filter { model.watchers[$0].isAlive }
            guard !alive.isEmpty else { return }
            let index = alive[draw(alive.count)]
            model.watchers[index].cseq += 1
            let watcher = model.watchers[index]
            let expires = draw(4) == 0 ? 0 : 100 + draw(200)
            let status = try driver.subscribe(
                call: watcher.call, to: watcher.toTag, cseq: watcher.cseq, expires: expires, flow: watcher.flow)
            #expect(status == 200)
            model.watchers[index].expires = driver.now + .seconds(expires)
            if expires == 0 { model.watchers[index].isAlive = false }
        }

        /// An answer, no answer, or a passing failure, to any NOTIFY that is open.
        mutating func answer() throws {
            guard !pending.isEmpty else { return }
            let notify = pending.remove(at: draw(pending.count))
            let call = try notify.message.callID
            switch draw(8) {
            case 0:
                driver.handle(.requestFailed(notify.token, status: 408))
                drop(call)
            case 1:
                driver.answer(notify, 481)
                drop(call)
            case 2: driver.answer(notify, 503)
            default: driver.answer(notify)
            }
        }

        mutating func drop(_ call: String) {
            for index in model.watchers.indices where model.watchers[index].call == call {
                model.watchers[index].isAlive = false
            }
        }

        mutating func remote() {
            let version = Int64(draw(40))
            let tuples = draw(3) == 0 ? nil : ["far\(draw(2))=open"]
            let inner = tuples.map { $0.map { tuple(String($0.dropLast(5)), "open") }.joined() }
            driver.handle(
                .remoteDocument(
                    EventResource(AgentDriver.alice), source: [1],
                    document: inner.map { Array(PresenceFixtures.document($0).utf8) },
                    version: version))
        }

        mutating func wait() {
            driver.advance(.seconds(draw(40)))
            model.publications.removeAll { $0.expires <= driver.now }
            for index in model.watchers.indices where model.watchers[index].expires <= driver.now {
                model.watchers[index].isAlive = false
            }
        }

        mutating func step() throws {
            driver.actions = []
            switch draw(20) {
            case 0..<5: try publish()
            case 5..<7: try refreshOrRemove()
            case 7..<10: try subscribe()
            case 10..<12: try resubscribe()
            case 12..<17: try answer()
            case 17: remote()
            case 18: wait()
            default:
                // However fast a process starts again, some time passes.
                driver.now += .milliseconds(1)
                driver.restart()
                pending = []
                driver.actions = []
                driver.handle(.wake)
            }
            try collect()
        }

        /// Lets everything that is open be answered, and retries run.
        mutating func settle() throws {
            for _ in 0..<40 {
                driver.advance(.seconds(2))
                try collect()
                while !pending.isEmpty {
                    let notify = pending.removeFirst()
                    driver.answer(notify)
                    try collect()
                }
            }
            model.publications.removeAll { $0.expires <= driver.now }
            for index in model.watchers.indices where model.watchers[index].expires <= driver.now {
                model.watchers[index].isAlive = false
            }
        }
    }

    @Test("Every live watcher ends up with the newest document; versions and CSeq only grow", arguments: 0..<40)
    func interleavings(seed: Int) throws {
        var run = Run(seed: UInt64(seed) + 1)
        for _ in 0..<250 { try run.step() }
        // What other nodes said is settled last: a restart, or the last watcher leaving, forgets it.
        try run.settle()
        let far = PresenceFixtures.document(tuple("far", "open"))
        run.driver.handle(
            .remoteDocument(EventResource(AgentDriver.alice), source: [1], document: Array(far.utf8), version: 1000))
        run.model.remote = (["far=open"], 1000)
        try run.collect()
        for _ in 0..<4 { try run.publish(); try run.collect() }
        try run.settle()
        var live = 0
        for watcher in run.model.watchers where watcher.isAlive {
            live += 1
            let shown = Set(watcher.shown.split(separator: " ").map(String.init))
            #expect(shown == run.model.expected(isOverlay: watcher.flow.transport == .overlay), "\(watcher.call)")
        }
        // Those that ended had their last NOTIFY answered, so nothing is left of them.
        #expect(run.driver.agent.subscriptionCount == live)
        #expect(run.driver.journal[.subscription]?.count ?? 0 == live)
        #expect(run.driver.agent.publicationCount == run.model.publications.count)
    }
}
