import Identity
import Primitives

@testable import Kademlia

/// A few nodes, a clock and wires between them. Every sixteenth message passes through its encoding, which takes
/// most of the time where nothing is optimised.
final class VirtualNetwork {
    struct Node {
        var core: Kademlia
        var contact: Contact
        var isAlive = true
        /// Sits behind a translator that lets in only those to whom something was sent within ``translatorMemory``.
        var isBehindTranslator = false
        /// When something was last sent to each node.
        var spokenTo: [Int: Instant] = [:]
        var found: [LookupToken: LookupOutcome] = [:]
        var stored: [StoreToken: StoreOutcome] = [:]
        var changes: [RecordChange] = []
        /// When each of them was reported.
        var changeTimes: [Instant] = []
        var observations: [KademliaObservation] = []
        var renewals: [Record] = []
        var journal: [Record.Identity: StoredEntry] = [:]
        var remembered: [Contact] = []
        var hasLeft = false
    }

    struct Flying {
        var time: Instant
        var order: Int
        var from: Int
        var to: Int
        var message: Message
    }

    static let translatorMemory = Interval.seconds(60)

    private(set) var now = Instant(secondsSince1970: 1_800_000_000)
    var nodes: [Node] = []
    var sentMessages = 0
    var sentStores = 0
    /// Share of messages that are lost.
    var loss = 0.0
    /// Share of messages that arrive twice.
    var duplication = 0.0
    /// Messages take up to so much longer than they need to, each for itself, so that they overtake each other.
    var reordering = Interval.zero
    /// Replaces what a node sends; nil lets it through.
    var tamper: ((_ from: Int, Message) -> Message?)?
    /// Sees all that is sent.
    var onSend: ((_ from: Int, _ to: Int, Message) -> Void)?
    private var flying: [Flying] = []
    private var order = 0
    /// When each node wants to be woken.
    private var deadlines: [Instant] = []
    private var random: RandomSource
    let configuration: KademliaConfiguration
    /// Shared by all nodes, as in a simulation.
    let contacts: ContactDirectory

    init(seed: UInt64, configuration: KademliaConfiguration = KademliaConfiguration()) {
        random = RandomSource(seed: seed)
        self.configuration = configuration
        contacts = ContactDirectory(
            capacity: 4_096, exemptPrefixes: configuration.exemptPrefixes, isShared: true)
    }

    func handle(_ index: Int) -> ContactHandle { contacts.handle(of: nodes[index].contact)! }

    /// Adds a node that has not joined.
    @discardableResult
    func add() -> Int {
        let identity = NodeIdentity(random: &random)
        let index = nodes.count
        let address = IPAddress(v4: 0x0100_0001 + UInt32(index) << 8)
        let contact = Contact(key: identity.publicKey, endpoint: Endpoint(address: address, port: 7400))
        let core = Kademlia(
            self: identity.publicKey, configuration: configuration, random: random.split(), contacts: contacts)
        _ = contacts.handle(of: contact)
        nodes.append(Node(core: core, contact: contact))
        deadlines.append(.distantFuture)
        return index
    }

    /// Adds a node and lets it join through the first one.
    @discardableResult
    func addAndJoin() -> Int {
        let index = add()
        perform(index, .join(bootstrap: index == 0 ? [] : [nodes[0].contact.endpoint], remembered: []))
        return index
    }

    /// A network of `count` nodes that have joined one after another.
    static func settled(
        _ count: Int, seed: UInt64, configuration: KademliaConfiguration = KademliaConfiguration()
    ) -> VirtualNetwork {
        let network = VirtualNetwork(seed: seed, configuration: configuration)
        for _ in 0..<count {
            network.addAndJoin()
            network.run(for: .milliseconds(500))
        }
        network.run(for: .seconds(30))
        return network
    }

    /// A node starts again with its key and what it journalled.
    func restart(_ index: Int) {
        let old = nodes[index]
        nodes[index].core = Kademlia(
            self: old.contact.key, configuration: configuration, random: random.split(), contacts: contacts)
        nodes[index].isAlive = true
        for identity in old.journal.keys.sorted() { perform(index, .restore(old.journal[identity]!)) }
        perform(index, .join(bootstrap: [], remembered: old.remembered))
    }

    func perform(_ index: Int, _ event: Kademlia.Event) {
        guard nodes[index].isAlive else {
            deadlines[index] = .distantFuture
            return
        }
        var actions: [Kademlia.Action] = []
        nodes[index].core.handle(event, at: now, into: &actions)
        deadlines[index] = nodes[index].core.nextDeadline ?? .distantFuture
        for action in actions { carryOut(action, of: index) }
    }

    func run(for interval: Interval) {
        let end = now + interval
        while true {
            var wake: Int?
            var wakeTime = Instant.distantFuture
            for (index, deadline) in deadlines.enumerated() where deadline < wakeTime {
                wake = index
                wakeTime = deadline
            }
            if let first = flying.first, first.time <= min(wakeTime, end) {
                flying.removeFirst()
                now = max(now, first.time)
                deliver(first)
            } else if wakeTime <= end {
                now = max(now, wakeTime)
                perform(wake!, .wake)
            } else {
                now = end
                return
            }
        }
    }

    private func deliver(_ item: Flying) {
        if nodes[item.to].isBehindTranslator {
            guard let last = nodes[item.to].spokenTo[item.from], last + Self.translatorMemory > now else { return }
        }
        perform(item.to, .received(item.message, from: handle(item.from)))
    }

    private func carryOut(_ action: Kademlia.Action, of index: Int) {
        switch action {
        case .send(let message, let destination): send(message, to: destination, from: index)
        case .found(let token, let outcome): nodes[index].found[token] = outcome
        case .stored(let token, let outcome): nodes[index].stored[token] = outcome
        case .changed(_, let change):
            nodes[index].changes.append(change)
            nodes[index].changeTimes.append(now)
        case .renew(let record): nodes[index].renewals.append(record)
        case .persist(let entry): nodes[index].journal[entry.record.identity] = entry
        case .forget(let identity): nodes[index].journal[identity] = nil
        case .rememberContacts(let handles): nodes[index].remembered = handles.map { contacts[$0] }
        case .left: nodes[index].hasLeft = true
        case .observe(let observation): nodes[index].observations.append(observation)
        }
    }

    private func send(_ message: Message, to destination: MessageDestination, from index: Int) {
        let endpoint =
            switch destination {
            case .contact(let contact): contacts[contact].endpoint
            case .endpoint(let endpoint): endpoint
            }
        let to = Int((endpoint.address.v4! - 0x0100_0001) >> 8)
        nodes[index].spokenTo[to] = now
        guard nodes[to].isAlive else { return }
        var message = tamper?(index, message) ?? message
        sentMessages += 1
        if case .store = message.body { sentStores += 1 }
        onSend?(index, to, message)
        if sentMessages % 16 == 0 {
            message = try! Message(decoding: message.encode(contacts: contacts)) { contacts.handle(of: $0) }
        }
        if random.unit() < loss { return }
        fly(message, from: index, to: to)
        if duplication > 0, random.unit() < duplication { fly(message, from: index, to: to) }
    }

    private func fly(_ message: Message, from index: Int, to: Int) {
        order += 1
        var delay = Interval.milliseconds(10 + (index * 7 + to * 13) % 40)
        if reordering > .zero { delay = delay + random.jittered(reordering, by: 0...1) }
        let item = Flying(time: now + delay, order: order, from: index, to: to, message: message)
        let position = flying.firstIndex { $0.time > item.time } ?? flying.endIndex
        flying.insert(item, at: position)
    }
}

extension VirtualNetwork {
    /// Stores a record from a node and waits for the outcome.
    func store(_ record: Record, from index: Int, options: StoreOptions = StoreOptions()) -> StoreOutcome? {
        let token = StoreToken(random.next())
        perform(index, .store(token, record, options))
        run(for: .seconds(15))
        return nodes[index].stored[token]
    }

    /// Looks a resource up from a node and waits for the outcome.
    func find(_ kind: RecordKind, _ resource: ResourceID, from index: Int, quorum: Int = 2) -> LookupOutcome? {
        let token = LookupToken(random.next())
        perform(index, .lookUp(token, kind, resource, LookupOptions(quorum: quorum)))
        run(for: .seconds(15))
        return nodes[index].found[token]
    }

    /// The nodes that hold the record's identity at its sequence or a higher one.
    func holders(of record: Record) -> [Int] {
        nodes.indices.filter {
            nodes[$0].isAlive && (nodes[$0].core.heldRecord(record.identity)?.sequence ?? -1) >= record.sequence
        }
    }
}
