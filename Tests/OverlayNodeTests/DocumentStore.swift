import Identity
import Kademlia
import OverlayNode
import Primitives
import SIPStack
import XCAP

/// The documents' core with one node in the place of the overlay, which the tests can make forget things.
struct DocumentStore {
    let alice = AddressOfRecord(user: "alice", host: "example.org")!
    private(set) var now = Instant(secondsSince1970: 1_800_000_000)
    private(set) var accounts = AccountUsage()
    private var random = RandomSource(seed: 9)
    private var usage = DocumentStore.usage
    private var lastCall: UInt64 = 0

    /// What the node holds.
    var records: [Record.Identity: Record] = [:]
    /// What the core keeps.
    private(set) var kept: [Record.Identity: Record] = [:]
    private(set) var answers: [XCAPCallID: XCAPAnswer] = [:]
    /// How often each kind was looked up.
    private(set) var lookups: [RecordKind: Int] = [:]
    private(set) var observed: [String] = []
    /// Called before a record is stored: false loses it, and all that come after.
    var isStored: (Record) -> Bool = { _ in true }
    private var isDead = false

    init() throws {
        var actions: [AccountUsage.Action] = []
        try accounts.createDomain("example.org", random: &random, into: &actions)
        _ = try accounts.addUser("alice@example.org", password: "1", at: now, random: &random, into: &actions)
    }

    private static var usage: DocumentUsage {
        DocumentUsage(server: XCAPServer(root: XCAPRoot("https://xcap.example.org/xcap")!, digest: Digest.sha256))
    }

    /// Another process takes over, which knows nothing.
    mutating func restart() {
        usage = Self.usage
        isDead = false
        isStored = { _ in true }
    }

    mutating func advance(_ interval: Interval) {
        now += interval
        records = records.filter { $0.value.notAfter > now }
    }

    /// The records of a kind that say anything.
    func records(_ kind: RecordKind) -> [Record] {
        records.values.filter { $0.kind == kind && !$0.isTombstone && !$0.value.isEmpty }
            .sorted { $0.identity < $1.identity }
    }

    @discardableResult
    mutating func perform(
        _ method: XCAPMethod, _ name: String = "index", body: [UInt8] = [], ifMatch: String? = nil
    ) -> XCAPAnswer? {
        lastCall += 1
        let id = XCAPCallID(lastCall)
        let request = XCAPRequest(
            method, path: XCAPClient("alice").path("resource-lists", name), contentType: XCAPClient.lists,
            ifMatch: ifMatch.flatMap { EntityTagCondition($0) }, body: body, user: alice)
        var actions: [DocumentUsage.Action] = []
        usage.perform(request, id, accounts: accounts, at: now, random: &random, into: &actions)
        carryOut(actions)
        return answers[id]
    }

    /// A record that the core keeps has used up most of its life.
    mutating func renew(_ record: Record) {
        var actions: [DocumentUsage.Action] = []
        usage.renew(record, account: accounts.account(alice), at: now, into: &actions)
        carryOut(actions)
    }

    mutating func remove() -> [Record] {
        guard let account = accounts.account(alice) else { return [] }
        var actions: [DocumentUsage.Action] = []
        let records = usage.remove(account, at: now, into: &actions)
        carryOut(actions)
        return records
    }

    private mutating func carryOut(_ actions: [DocumentUsage.Action]) {
        var queue = actions[...]
        while let action = queue.popFirst(), !isDead {
            var next: [DocumentUsage.Action] = []
            switch action {
            case .answer(let id, let answer): answers[id] = answer
            case .lookUp(let number, let kind, let resource, _):
                lookups[kind, default: 0] += 1
                let found = records.values.filter {
                    $0.kind == kind && $0.resource == resource && !$0.isTombstone
                }
                usage.found(
                    number, found.sorted { $0.identity < $1.identity }, reachesOthers: true, accounts: accounts,
                    at: now, random: &random, into: &next)
            case .swap(let number, let record, let expected):
                guard isStored(record) else { return isDead = true }
                usage.stored(
                    number, swap(record, expected), reachesOthers: true, accounts: accounts, at: now, random: &random,
                    into: &next)
            case .keep(let record):
                kept[record.identity] = record
                put(record)
            case .erase(let record): put(record)
            case .release(let identity): kept[identity] = nil
            case .observe(let observation): observed.append(observation.name)
            default: break
            }
            queue += next
        }
    }

    private mutating func put(_ record: Record) {
        if records[record.identity].map({ record.supersedes($0) }) ?? true { records[record.identity] = record }
    }

    private mutating func swap(_ record: Record, _ expected: Int64) -> StoreOutcome {
        let held = records[record.identity]
        let isRefused = held?.sequence ?? -1 != expected && held != record
        if !isRefused { records[record.identity] = record }
        let refusal = StoreOutcome.Refusal(contact: nil, reason: .unexpectedSequence, heldSequence: held?.sequence)
        return StoreOutcome(
            identity: record.identity, replicas: isRefused ? 0 : 1, refusals: isRefused ? [refusal] : [],
            unanswered: 0, trace: LookupTrace())
    }
}
