import Identity
import Kademlia
import OverlayNode
import Primitives
import SIPMessages
import SIPStack
import Testing
import XCAP

/// The documents' core by itself: what it asks for, and its bounds.
struct DocumentUsageTests {
    private let now = Instant(secondsSince1970: 1_800_000_000)
    private let alice = AddressOfRecord(user: "alice", host: "example.org")!
    private var random = RandomSource(seed: 9)
    private var accounts = AccountUsage()
    private var usage = DocumentUsage(
        server: XCAPServer(root: XCAPRoot("https://xcap.example.org/xcap")!, digest: Digest.sha256))

    init() throws {
        var actions: [AccountUsage.Action] = []
        try accounts.createDomain("example.org", random: &random, into: &actions)
        _ = try accounts.addUser("alice@example.org", password: "1", at: now, random: &random, into: &actions)
    }

    private mutating func perform(
        _ method: XCAPMethod, _ number: UInt64, at time: Instant? = nil, body: [UInt8] = []
    ) -> [DocumentUsage.Action] {
        let request = XCAPRequest(
            method, path: XCAPClient("alice").path(), contentType: XCAPClient.lists, body: body, user: alice)
        var actions: [DocumentUsage.Action] = []
        usage.perform(
            request, XCAPCallID(number), accounts: accounts, at: time ?? now, random: &random, into: &actions)
        return actions
    }

    private mutating func load(
        _ records: [Record] = [], number: UInt64 = 1, reachesOthers: Bool = true, at time: Instant? = nil
    ) -> [DocumentUsage.Action] {
        var actions: [DocumentUsage.Action] = []
        usage.found(
            number, records, reachesOthers: reachesOthers, accounts: accounts, at: time ?? now, random: &random,
            into: &actions)
        return actions
    }

    /// Alice subscribes to somebody of her domain.
    private mutating func subscribe(to user: String, _ number: Int = 1) -> [DocumentUsage.Action] {
        var phone = Phone("alice", port: 6001, server: 0)
        let request = phone.request(.subscribe, to: SIPURI("sip:\(user)@example.org")!, callID: "call-\(number)")
        let flow = Flow(
            transport: .udp, local: Mesh.sipEndpoint(0),
            remote: .endpoint(Endpoint(address: .loopback, port: phone.port)))
        var actions: [DocumentUsage.Action] = []
        usage.admit(
            HeldSubscribe(ServerTransactionID(UInt64(number)), request, on: flow, from: alice),
            accounts: accounts, at: now, into: &actions)
        return actions
    }

    private func count(_ actions: [DocumentUsage.Action]) -> (proceeding: Int, refused: Int, lookups: Int) {
        actions.reduce(into: (0, 0, 0)) { counts, action in
            switch action {
            case .proceed: counts.0 += 1
            case .refuse: counts.1 += 1
            case .lookUp: counts.2 += 1
            default: break
            }
        }
    }

    @Test mutating func subscriptionsThatMayBeToListsWaitForOneLookupAndAreBounded() {
        // A user is no list.
        #expect(count(subscribe(to: "alice")) == (1, 0, 0))
        var actions: [DocumentUsage.Action] = []
        for number in 1...70 { actions += subscribe(to: "friends", number) }
        #expect(count(actions) == (0, 6, 1))
        #expect(count(load()) == (64, 0, 0))
        #expect(count(subscribe(to: "friends")) == (1, 0, 0))
    }

    @Test mutating func aSubscriptionDoesNotWaitForever() {
        #expect(count(subscribe(to: "friends")) == (0, 0, 1))
        var time = now
        for attempt in UInt64(1)...11 {
            let actions = load(number: attempt, reachesOthers: false, at: time)
            #expect(count(actions) == (0, attempt == 11 ? 1 : 0, 0))
            time += .seconds(1)
            var woken: [DocumentUsage.Action] = []
            usage.wake(at: time, into: &woken)
            #expect(count(woken).lookups == (attempt == 11 ? 0 : 1))
        }
    }

    private func statuses(_ actions: [DocumentUsage.Action]) -> [Int] {
        actions.compactMap { if case .answer(_, let answer) = $0 { answer.status } else { nil } }
    }

    @Test mutating func callsWaitForOneLookupAndAreBounded() {
        var answered: [Int] = []
        var lookups = 0
        for number in UInt64(1)...70 {
            let actions = perform(.get, number)
            answered += statuses(actions)
            lookups += actions.count { if case .lookUp = $0 { true } else { false } }
        }
        #expect(lookups == 1)
        #expect(answered == Array(repeating: 503, count: 6))
        #expect(statuses(load()) == Array(repeating: 404, count: 64))
        #expect(statuses(perform(.get, 71)) == [404])
    }

    @Test mutating func whoCannotLookUpSaysSo() {
        #expect(perform(.get, 1).count == 1)
        #expect(statuses(load(reachesOthers: false)) == [503])
        // The next call tries again.
        #expect(perform(.get, 2).contains { if case .lookUp = $0 { true } else { false } })
    }

    @Test mutating func documentsAreLetGoOfAfterAnHour() {
        _ = perform(.get, 1)
        _ = load()
        let later = now + .minutes(30)
        #expect(statuses(perform(.get, 2, at: later)) == [404])
        #expect(usage.nextDeadline == later + DocumentUsage.idleTime)
        var actions: [DocumentUsage.Action] = []
        usage.wake(at: later + DocumentUsage.idleTime, into: &actions)
        #expect(actions.contains { if case .unwatch = $0 { true } else { false } })
        #expect(usage.nextDeadline == nil)
    }

    @Test mutating func aRefusedSwapIsNeitherKeptNorAcknowledged() throws {
        _ = perform(.get, 1)
        _ = load()
        var actions = perform(.put, 2, body: XCAPClient.list("bob"))
        for attempt in 1...3 {
            guard case .swap(let number, let record, let expected)? = actions.last else { throw Failure("no swap") }
            #expect(record.sequence > expected)
            let refusal = StoreOutcome.Refusal(
                contact: nil, reason: .unexpectedSequence, heldSequence: expected + 100)
            let outcome = StoreOutcome(
                identity: record.identity, replicas: 0, refusals: [refusal], unanswered: 0, trace: LookupTrace())
            actions = []
            usage.stored(
                number, outcome, reachesOthers: true, accounts: accounts, at: now, random: &random, into: &actions)
            guard case .lookUp(let lookup, _, _, _)? = actions.last else { throw Failure("no lookup") }
            actions = []
            usage.found(
                lookup, [], reachesOthers: true, accounts: accounts, at: now, random: &random, into: &actions)
            #expect(statuses(actions) == (attempt == 3 ? [503] : []))
        }
        #expect(!actions.contains { if case .keep = $0 { true } else { false } })
    }

    /// Nodes decide each by itself: what counts is who refused, and what they hold.
    @Test(
        arguments: [
            // Nobody else wrote.
            (replicas: 3, held: [], expected: [201]),
            // A node has missed what was written before, here: that nothing was.
            (replicas: 2, held: [nil], expected: [201]),
            // Another writer was later, and so stands.
            (replicas: 2, held: [1_000], expected: []),
            // Another writer was earlier and met this one at most of the nodes.
            (replicas: 2, held: [-1_000], expected: [201]),
            // It has been at most of them first.
            (replicas: 1, held: [-1_000, -1_000], expected: []),
            // Nobody took it, nobody has another.
            (replicas: 0, held: [], expected: [503]),
        ] as [(replicas: Int, held: [Int64?], expected: [Int])])
    func aSwapIsWonByOneWriter(_ replicas: Int, _ held: [Int64?], _ expected: [Int]) throws {
        var test = self
        _ = test.perform(.get, 1)
        _ = test.load()
        var actions = test.perform(.put, 2, body: XCAPClient.list("bob"))
        guard case .swap(let number, let record, _)? = actions.last else { throw Failure("no swap") }
        let refusals = held.map { offset in
            StoreOutcome.Refusal(
                contact: nil, reason: .unexpectedSequence, heldSequence: offset.map { record.sequence + $0 })
        }
        let outcome = StoreOutcome(
            identity: record.identity, replicas: replicas, refusals: refusals, unanswered: 0, trace: LookupTrace())
        actions = []
        test.usage.stored(
            number, outcome, reachesOthers: true, accounts: accounts, at: now, random: &test.random, into: &actions)
        #expect(test.statuses(actions) == expected)
        let isKept = actions.contains { if case .keep = $0 { true } else { false } }
        #expect(isKept == (expected == [201]))
    }
}
