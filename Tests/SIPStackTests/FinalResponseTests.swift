import Primitives
import SIPMessages
import SIPStack
import Testing

/// Random traffic with losses, duplicates, late and missing answers: whatever happens, each request gets what it is
/// owed, the tables empty themselves, and nothing traps.
@Suite struct FinalResponseTests {
    private static let phones = [
        Peer("alice", "198.51.100.7:5060"), Peer("bob", "198.51.100.9:5060"), Peer("bob", "198.51.100.10:5060"),
        Peer("carol", "198.51.100.11:40000", transport: .tcp, connection: 3),
    ]

    private struct World {
        var harness: ServerHarness
        var random: RandomSource
        /// Final responses by the branch and method they answer.
        var finals: [String: [SIPMessage]] = [:]
        /// Requests that reached phones and have no answer yet.
        var waiting: [(message: SIPMessage, flow: Flow)] = []
        var asked: [SIPMessage] = []
        /// Requests over UDP that a client may still be repeating, and until when.
        var repeatable: [(message: SIPMessage, flow: Flow, until: Instant)] = []

        mutating func chance(_ probability: Double) -> Bool { random.unit() < probability }

        mutating func key(_ message: SIPMessage) -> String {
            guard let via = try? message.topVia, let cseq = try? message.cseq else { return "" }
            return "\(via.branch ?? "") \(cseq.method)"
        }

        /// Takes what the server sent: responses are noted, requests may be lost or wait for an answer.
        mutating func collect() {
            for (token, _) in harness.actions.lookUps where chance(0.8) { harness.handle(.resolved(token, [])) }
            for (message, flow) in harness.sent() {
                guard message.isRequest else {
                    if let status = message.statusCode, status >= 200 {
                        finals[key(message), default: []].append(message)
                        acknowledge(message, flow)
                    }
                    continue
                }
                if message.method != .ack, !chance(0.2) { waiting.append((message, flow)) }
            }
        }

        mutating func acknowledge(_ response: SIPMessage, _ flow: Flow) {
            guard let cseq = try? response.cseq, cseq.method == .invite, let status = response.statusCode,
                status >= 300, chance(0.7), let via = response.value(.via), let from = response.value(.from),
                let to = response.value(.to), let callID = response.value(.callID)
            else { return }
            let ack = SIPMessage.request(
                .ack, uri: SIPURI("sip:bob@example.org")!,
                headers: [
                    (.via, via.string), (.from, from.string), (.to, to.string), (.callID, callID.string),
                    (.cseq, "\(cseq.number) ACK"),
                ])
            harness.receive(ack, on: flow)
        }

        mutating func step() {
            switch random.next() % 10 {
            case 0...2: ask()
            case 3...6: answerSomething()
            case 7: duplicate()
            case 8: cancelSomething()
            default: harness.advance(.milliseconds(Int(random.next() % 9_000)))
            }
            collect()
        }

        mutating func ask() {
            let methods: [SIPMethod] = [.invite, .invite, .message, .options, .subscribe, .bye, .register, .other("X")]
            let targets = ["sip:bob@example.org", "sip:carol@example.org", "sip:no@example.org", "sip:example.org"]
            let peer = FinalResponseTests.phones[Int(random.next() % 4)]
            let method = methods[Int(random.next() % UInt64(methods.count))]
            // A REGISTER for a user would give one without phones a phone.
            let target = method == .register ? 3 : Int(random.next() % 4)
            let request = harness.request(method, targets[target], from: peer)
            asked.append(request)
            if peer.transport == .udp { repeatable.append((request, peer.flow, harness.now + .seconds(4))) }
            harness.receive(request, on: peer.flow)
        }

        mutating func answerSomething() {
            guard !waiting.isEmpty else { return }
            let position = Int(random.next() % UInt64(waiting.count))
            let (message, flow) = waiting[position]
            let statuses = [100, 180, 183, 200, 200, 302, 401, 404, 408, 486, 487, 500, 503, 603]
            let status = statuses[Int(random.next() % UInt64(statuses.count))]
            if status >= 200, chance(0.8) { waiting.remove(at: position) }
            harness.receive(
                message.response(status, toTag: "t\(position)", headers: [(.contact, "<sip:b@\(flow.remote)>")]),
                on: flow)
        }

        mutating func duplicate() {
            repeatable.removeAll { $0.until < harness.now }
            guard let (message, flow, _) = repeatable.randomElement(using: &random) else { return }
            harness.receive(message, on: flow)
        }

        mutating func cancelSomething() {
            guard let request = asked.randomElement(using: &random), request.method == .invite,
                let peer = FinalResponseTests.phones.first(where: { request.text.contains("\($0.endpoint);branch") })
            else { return }
            let cancel = SIPMessage.request(
                .cancel, uri: request.requestURI!,
                headers: [
                    (.via, request.value(.via)!.string), (.from, request.value(.from)!.string),
                    (.to, request.value(.to)!.string), (.callID, request.value(.callID)!.string),
                    (.cseq, "1 CANCEL"),
                ])
            harness.receive(cancel, on: peer.flow)
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func everyRequestGetsOneFinalResponse(seed: UInt64) {
        var world = World(
            harness: ServerHarness(trusted: ["198.51.100.0/24"], seed: seed), random: RandomSource(seed: seed))
        world.harness.addUser("bob", password: "x")
        for phone in Self.phones { world.harness.register(phone, expires: 86_400) }
        for _ in 1...120 { world.step() }
        // Events of the handed-up kind are never answered here: the server does it itself.
        for _ in 1...12 {
            world.harness.advance(.seconds(40))
            world.collect()
        }
        for request in world.asked {
            let finals = world.finals[world.key(request)] ?? []
            let statuses = Set(finals.map { $0.statusCode ?? 0 })
            if request.method == .invite {
                // Some 2xx, from each branch that has one, or one rejection and nothing else.
                let isAnswered = !statuses.isEmpty && statuses.allSatisfy { 200..<300 ~= $0 }
                #expect(isAnswered || Set(finals).count == 1, "seed \(seed): \(request) \(statuses)")
            } else {
                // RFC 4320 §4.2: a request whose only branches timed out gets nothing; never two different answers.
                #expect(Set(finals).count <= 1, "seed \(seed): \(request) \(statuses)")
                let isForwarded = ["bob", "carol"].contains(request.requestURI?.user)
                if !isForwarded { #expect(finals.count >= 1, "seed \(seed): \(request)") }
            }
        }
        world.harness.advance(.minutes(10))
        #expect(world.harness.server.transactionCount == 0, "seed \(seed)")
    }

    @Test func garbageNeverTraps() throws {
        var random = RandomSource(seed: 77)
        var harness = ServerHarness(trusted: ["198.51.100.0/24"])
        harness.addUser("bob", password: "x")
        for phone in Self.phones { harness.register(phone) }
        let seeds = [
            harness.request(.invite, "sip:bob@example.org", from: Self.phones[0]).bytes,
            harness.request(
                .register, "sip:example.org", from: Self.phones[0],
                headers: [(.authorization, "Digest realm=\"example.org\", nonce=\"00\", nc=1"), (.contact, "*")]
            ).bytes,
            harness.request(
                .bye, "sip:bob@198.51.100.9:5060", from: Self.phones[0],
                headers: [(.route, "<sip:abc@192.0.2.1;lr>, <sip:x>"), (.path, "<sip:a>")]
            ).bytes,
        ]
        for round in 0..<4_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0...(random.next() % 6) {
                let position = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[position] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: position)
                case 2: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: position)
                default: bytes.removeSubrange(position..<min(bytes.count, position + 20))
                }
                if bytes.isEmpty { bytes = [0] }
            }
            let flow = Self.phones[Int(random.next() % 4)].flow
            harness.handle(.transport(.received(bytes, on: flow)))
            if round % 50 == 0 { harness.advance(.seconds(5)) }
            harness.actions = []
        }
        harness.advance(.minutes(20))
        #expect(harness.server.transactionCount == 0)
    }
}
