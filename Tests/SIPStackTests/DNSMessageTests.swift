import Primitives
import SIPStack
import Testing

/// Reading what name servers send (RFC 1035 §4).
@Suite struct DNSMessageTests {
    /// A message under construction.
    private struct Message {
        var bytes: [UInt8]
        private static let questionAt: UInt16 = 12

        init(_ name: String, type: UInt16, code: UInt8 = 0, answers: Int = 0, authorities: Int = 0) {
            bytes = [0x12, 0x34, 0x81, 0x80 | code, 0, 1, 0, UInt8(answers), 0, UInt8(authorities), 0, 0]
            bytes += Self.name(name) + [UInt8(type >> 8), UInt8(type & 0xFF), 0, 1]
        }

        static func name(_ text: String) -> [UInt8] {
            text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
        }

        /// A record whose owner is a pointer to the question, or a name.
        mutating func add(_ owner: String? = nil, type: UInt8, seconds: UInt8 = 60, _ content: [UInt8]) {
            bytes += owner.map(Self.name) ?? [0xC0, 12]
            bytes += [0, type, 0, 1, 0, 0, 0, seconds, 0, UInt8(content.count)] + content
        }
    }

    private let host = DNSQuestion("Host.Example.org", .a)

    @Test func addressesAreRead() {
        var message = Message("host.example.org", type: 1, answers: 2)
        message.add(type: 1, seconds: 90, [192, 0, 2, 1])
        message.add(type: 1, seconds: 60, [192, 0, 2, 2])
        let answer = DNSAnswer(message: message.bytes, to: host)
        #expect(answer.records == ["192.0.2.1", "192.0.2.2"].map { .address(IPAddress($0)!) })
        #expect(answer.lifetime == .seconds(60))
    }

    @Test func anAliasLeadsOn() {
        var message = Message("host.example.org", type: 1, answers: 3)
        message.add("real.example.net", type: 1, [192, 0, 2, 3])
        message.add("other.example.net", type: 1, [192, 0, 2, 4])
        message.add(type: 5, seconds: 20, Message.name("REAL.example.net"))
        let answer = DNSAnswer(message: message.bytes, to: host)
        #expect(answer.records == [.address(IPAddress("192.0.2.3")!)])
        #expect(answer.lifetime == .seconds(20))
    }

    @Test func servicesAndNamingAuthoritiesAreRead() {
        var services = Message("_sip._udp.example.org", type: 33, answers: 1)
        services.add(type: 33, [0, 10, 0, 60, 0x13, 0xC4] + Message.name("A.example.org"))
        #expect(
            DNSAnswer(message: services.bytes, to: DNSQuestion("_sip._udp.example.org", .srv)).records
                == [.service(priority: 10, weight: 60, port: 5060, target: "a.example.org")])
        var authorities = Message("example.org", type: 35, answers: 2)
        authorities.add(
            type: 35,
            [0, 50, 0, 5, 1] + Array("S".utf8) + [7] + Array("sip+d2u".utf8) + [0]
                + Message.name("_sip._udp.example.org"))
        authorities.add(
            type: 35, [0, 1, 0, 1, 1] + Array("u".utf8) + [7] + Array("E2U+sip".utf8) + [3] + Array("!x!".utf8) + [0])
        #expect(
            DNSAnswer(message: authorities.bytes, to: DNSQuestion("example.org", .naptr)).records == [
                .namingAuthority(
                    order: 50, preference: 5, flags: "s", service: "SIP+D2U", replacement: "_sip._udp.example.org")
            ])
    }

    /// RFC 2308 §5: how long it is believed that nothing is there, the SOA says; here never over five minutes.
    @Test(arguments: [(UInt8(60), 20, 20), (10, 200, 10), (255, 100_000, 255)])
    func nothingIsBelievedForAsLongAsTheZoneSays(lifetime: UInt8, minimum: Int, expected: Int) {
        var message = Message("host.example.org", type: 1, code: 3, authorities: 1)
        let number = [
            UInt8(minimum >> 24 & 0xFF), UInt8(minimum >> 16 & 0xFF), UInt8(minimum >> 8 & 0xFF), UInt8(minimum & 0xFF),
        ]
        message.add(
            "example.org", type: 6, seconds: lifetime,
            Message.name("ns.example.org") + Message.name("admin.example.org") + [UInt8](repeating: 0, count: 16)
                + number)
        let answer = DNSAnswer(message: message.bytes, to: host)
        #expect(answer.records.isEmpty && !answer.isFailure)
        #expect(answer.lifetime == .seconds(expected))
    }

    @Test func aServerThatCanNotSayIsNoAnswer() {
        #expect(DNSAnswer(message: Message("host.example.org", type: 1, code: 2).bytes, to: host).isFailure)
        #expect(DNSAnswer(message: Message("host.example.org", type: 1, code: 5).bytes, to: host).isFailure)
    }

    /// A name that points at itself, or at what lies ahead.
    @Test func namesWithoutAnEndAreRefused() {
        for target in [UInt8(12), 30, 255] {
            let bytes: [UInt8] =
                [0, 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0] + [0xC0, target] + [0, 1, 0, 1]
            #expect(DNSAnswer(message: bytes, to: host).isFailure)
        }
    }

    /// Whatever comes in, nothing traps: every message cut off anywhere, and every one with a byte changed.
    @Test func brokenMessagesAreNoAnswer() {
        var message = Message("host.example.org", type: 33, answers: 2)
        message.add(type: 33, [0, 10, 0, 60, 0x13, 0xC4] + Message.name("a.example.org"))
        message.add(type: 5, Message.name("b.example.org"))
        let question = DNSQuestion("host.example.org", .srv)
        for count in 0..<message.bytes.count {
            #expect(DNSAnswer(message: Array(message.bytes.prefix(count)), to: question).isFailure)
        }
        for position in message.bytes.indices {
            for value in [UInt8(0), 1, 63, 64, 0xC0, 0xFF] {
                var bytes = message.bytes
                bytes[position] = value
                let answer = DNSAnswer(message: bytes, to: question)
                #expect(answer.records.count <= 2)
            }
        }
    }
}
