import Identity
import OverlayNode
import Primitives
import SIPMessages
import SIPStack
import XCAP

/// Whole nodes under virtual time, joined by a network in memory that delays every datagram by 5 ms.
struct Mesh {
    struct Member {
        var node: OverlayNode
        var configuration: NodeConfiguration
        let identity: NodeIdentity
        /// What the node wrote down, as a disk would keep it.
        var journal: [JournalRoom: [[UInt8]: [UInt8]]] = [:]
        var isAlive = true
        /// How far the member's clock is ahead of the others'.
        var clockError = Interval.zero
    }

    private struct Arrival {
        var time: Instant
        var datagram: [UInt8]
        var from: Endpoint
        var to: Endpoint
    }

    private(set) var now = Instant(secondsSince1970: 1_800_000_000)
    private(set) var members: [Member] = []
    private var arrivals: [Arrival] = []
    private var cutOff: Set<Endpoint> = []
    /// Members behind a translator of addresses, and when they sent last to whom.
    private var hidden: [Endpoint: [Endpoint: Instant]] = [:]
    /// Of so many datagrams one is lost; none when it is 0.
    private var lossInterval = 0
    private var random: RandomSource
    private var nextCommand: UInt64 = 0
    private var nextCall: UInt64 = 0

    /// What each member sent to its phones, and has not been taken out of here.
    var sent: [[(message: SIPMessage, flow: Flow)]] = []
    private(set) var replies: [CommandID: [Reply]] = [:]
    /// Every answer to each XCAP call.
    private(set) var answers: [XCAPCallID: [XCAPAnswer]] = [:]
    private(set) var observations: [[Observation]] = []

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    static func overlayEndpoint(_ index: Int) -> Endpoint { Endpoint(address: .loopback, port: UInt16(4000 + index)) }
    static func sipEndpoint(_ index: Int) -> Endpoint { Endpoint(address: .loopback, port: UInt16(5000 + index)) }

    static func configuration(_ index: Int, isGateway: Bool, domains: [String]) -> NodeConfiguration {
        var configuration = NodeConfiguration(overlay: overlayEndpoint(index))
        configuration.isGateway = isGateway
        configuration.domains = domains
        configuration.sipListeners = [SIPListener(.udp, sipEndpoint(index))]
        configuration.bootstrap = index == 0 ? [] : [overlayEndpoint(0)]
        configuration.xcapRoot = XCAPRoot("https://xcap.example.org/xcap")
        return configuration
    }

    /// A node that knows nothing yet.
    mutating func add(isGateway: Bool = false, domains: [String] = []) throws -> Int {
        let index = members.count
        // A gateway without a domain would be refused: it becomes one at its restart.
        let configuration = Self.configuration(index, isGateway: false, domains: [])
        let identity = NodeIdentity(random: &random)
        let node = try OverlayNode(
            configuration: configuration, identity: identity, random: random.split(), restoring: [], at: now)
        members.append(
            Member(
                node: node,
                configuration: Self.configuration(index, isGateway: isGateway, domains: domains),
                identity: identity))
        sent.append([])
        observations.append([])
        return index
    }

    /// The member's next process has another configuration.
    mutating func configure(_ index: Int, _ change: (inout NodeConfiguration) -> Void) {
        change(&members[index].configuration)
    }

    mutating func start(_ index: Int) { handle(.start, at: index) }

    /// The process ends at once, and another takes up its journal.
    mutating func restart(_ index: Int, isStarted: Bool = true) throws {
        let old = members[index]
        let entries = old.journal.flatMap { room, table in
            table.map { JournalEntry(room: room, key: $0.key, value: $0.value) }
        }
        members[index].node = try OverlayNode(
            configuration: old.configuration, identity: old.identity, random: random.split(), restoring: entries,
            at: now + old.clockError)
        members[index].isAlive = true
        if isStarted { start(index) }
    }

    private func deadline(of member: Member) -> Instant? { member.node.nextDeadline.map { $0 - member.clockError } }

    /// The member's next process has a clock that is wrong by so much.
    mutating func setClock(of index: Int, wrongBy error: Interval) { members[index].clockError = error }

    /// Datagrams to and from this member are lost from now on, or are not any more.
    mutating func cut(_ index: Int, _ isCut: Bool = true) {
        if isCut { cutOff.insert(Self.overlayEndpoint(index)) } else { cutOff.remove(Self.overlayEndpoint(index)) }
    }

    /// From now on one datagram of so many is lost, none for 0.
    mutating func loseDatagrams(oneIn interval: Int) { lossInterval = interval }

    /// From now on this member hears only those to whom it sent something within 30 s.
    mutating func hide(_ index: Int) { hidden[Self.overlayEndpoint(index)] = [:] }

    private func isCut(_ from: Endpoint, _ to: Endpoint) -> Bool {
        if let openings = hidden[to], openings[from].map({ now - $0 > .seconds(30) }) ?? true { return true }
        return cutOff.contains(from) || cutOff.contains(to)
    }

    mutating func kill(_ index: Int) { members[index].isAlive = false }

    mutating func command(_ command: Command, at index: Int) -> CommandID {
        nextCommand += 1
        let id = CommandID(nextCommand)
        handle(.command(id, command), at: index)
        return id
    }

    /// The reply to a command that is answered within ten seconds.
    mutating func ask(_ command: Command, at index: Int) -> Reply? {
        let id = self.command(command, at: index)
        run(until: { $0.replies[id] != nil }, within: .seconds(10))
        return replies[id]?.last
    }

    /// Gives a member an XCAP call, which ``answers`` then tells of.
    mutating func call(_ call: XCAPCall, at index: Int) -> XCAPCallID {
        nextCall += 1
        let id = XCAPCallID(nextCall)
        handle(.xcap(id, call), at: index)
        return id
    }

    /// A phone at `port` sends a message to a member over UDP.
    mutating func receive(_ message: SIPMessage, at index: Int, fromPort port: UInt16) {
        let flow = Flow(
            transport: .udp, local: Self.sipEndpoint(index),
            remote: .endpoint(Endpoint(address: .loopback, port: port)))
        handle(.sip(.received(message.bytes, on: flow)), at: index)
    }

    /// The first message for the phone at `port` that satisfies `condition`, taken out, waiting for up to `limit`.
    mutating func message(
        from index: Int, toPort port: UInt16, within limit: Interval = .seconds(10),
        where condition: @escaping (SIPMessage) -> Bool
    ) -> SIPMessage? {
        let find = { (mesh: Mesh) in
            mesh.sent[index].firstIndex {
                $0.flow.remote == .endpoint(Endpoint(address: .loopback, port: port)) && condition($0.message)
            }
        }
        run(until: { find($0) != nil }, within: limit)
        return find(self).map { sent[index].remove(at: $0).message }
    }

    mutating func run(for interval: Interval) { run(until: { _ in false }, within: interval) }

    /// Lets time pass until the condition holds, or not, for `limit`.
    @discardableResult
    mutating func run(until condition: (Mesh) -> Bool, within limit: Interval) -> Bool {
        let end = now + limit
        while !condition(self) {
            var next = arrivals.map(\.time).min() ?? .distantFuture
            for member in members where member.isAlive { next = min(next, deadline(of: member) ?? .distantFuture) }
            guard next <= end else {
                now = end
                return condition(self)
            }
            now = max(now, next)
            step()
        }
        return true
    }

    private mutating func step() {
        let due = arrivals.filter { $0.time <= now }
        arrivals.removeAll { $0.time <= now }
        for arrival in due where !isCut(arrival.from, arrival.to) {
            if let index = members.firstIndex(where: { $0.configuration.overlay == arrival.to }) {
                handle(.overlayDatagram(arrival.datagram, from: arrival.from), at: index)
            }
        }
        for index in members.indices where deadline(of: members[index]).map({ $0 <= now }) ?? false {
            handle(.wake, at: index)
        }
    }

    mutating func handle(_ event: OverlayNode.Event, at index: Int) {
        guard members[index].isAlive else { return }
        var actions: [OverlayNode.Action] = []
        members[index].node.handle(event, at: now + members[index].clockError, into: &actions)
        for action in actions {
            switch action {
            case .overlayTransmit(let datagram, let endpoint):
                hidden[members[index].configuration.overlay]?[endpoint] = now
                if lossInterval > 0, Int.random(in: 0..<lossInterval, using: &random) == 0 { continue }
                arrivals.append(
                    Arrival(
                        time: now + .milliseconds(5), datagram: datagram,
                        from: members[index].configuration.overlay, to: endpoint))
            case .sip(.transmit(let bytes, let flow)):
                if let message = try? SIPMessage(parsing: bytes) { sent[index].append((message, flow)) }
            case .sip(.close), .sip(.alias), .sip(.limitSilence): break
            case .persist(let entry): members[index].journal[entry.room, default: [:]][entry.key] = entry.value
            case .forget(let room, let key): members[index].journal[room]?[key] = nil
            case .reply(let id, let reply, _): replies[id, default: []].append(reply)
            case .query(let question): handle(.answered(question, .failure), at: index)
            case .xcapAnswer(let id, let answer): answers[id, default: []].append(answer)
            case .observe(let observation): observations[index].append(observation)
            case .stopped: members[index].isAlive = false
            }
        }
    }
}
