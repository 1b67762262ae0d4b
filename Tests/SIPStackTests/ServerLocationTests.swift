import Primitives
import SIPMessages
import SIPStack
import Testing

/// RFC 3263 §4: which servers a URI leads to, in which order.
@Suite struct ServerLocationTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let uri: String
        var zone = ""
        /// As `udp:192.0.2.1:5060`.
        let servers: [String]
        var listeners = "udp tcp tls"
        var hasIPv6 = false

        var testDescription: String { "\(uri) → \(servers.joined(separator: " "))" }
    }

    /// The example of RFC 3263 §4.1, with addresses.
    private static let example = """
        example.com NAPTR 50 50 s SIPS+D2T _sips._tcp.example.com
        example.com NAPTR 90 50 s SIP+D2T _sip._tcp.example.com
        example.com NAPTR 100 50 s SIP+D2U _sip._udp.example.com
        _sips._tcp.example.com SRV 0 1 5061 server1.example.com
        _sip._tcp.example.com SRV 1 1 5060 server1.example.com
        _sip._tcp.example.com SRV 2 1 5070 server2.example.com
        _sip._udp.example.com SRV 0 1 5060 server2.example.com
        server1.example.com A 192.0.2.1
        server2.example.com A 192.0.2.2
        example.com A 192.0.2.99
        """

    private static let cases: [Case] = [
        // Numeric hosts: no questions.
        Case(uri: "sip:192.0.2.7", servers: ["udp:192.0.2.7:5060"]),
        Case(uri: "sip:192.0.2.7:5080", servers: ["udp:192.0.2.7:5080"]),
        Case(uri: "sip:192.0.2.7;transport=tcp", servers: ["tcp:192.0.2.7:5060"]),
        Case(uri: "sips:192.0.2.7", servers: ["tls:192.0.2.7:5061"]),
        Case(uri: "sip:192.0.2.7;transport=tls", servers: ["tls:192.0.2.7:5061"]),
        Case(uri: "sip:[2001:db8::7]:5070", servers: ["udp:[2001:db8::7]:5070"]),
        // The maddr parameter stands for the host.
        Case(uri: "sip:example.com;maddr=192.0.2.8", zone: example, servers: ["udp:192.0.2.8:5060"]),
        Case(
            uri: "sip:nowhere.example;maddr=server2.example.com;transport=udp", zone: example,
            servers: ["udp:192.0.2.2:5060"]),
        // NAPTR chooses, of what we speak, by order.
        Case(uri: "sip:bob@example.com", zone: example, servers: ["tls:192.0.2.1:5061"]),
        Case(
            uri: "sip:bob@example.com", zone: example, servers: ["tcp:192.0.2.1:5060", "tcp:192.0.2.2:5070"],
            listeners: "udp tcp"),
        Case(uri: "sip:bob@EXAMPLE.com.", zone: example, servers: ["udp:192.0.2.2:5060"], listeners: "udp"),
        Case(uri: "sips:bob@example.com", zone: example, servers: ["tls:192.0.2.1:5061"]),
        Case(uri: "sips:bob@example.com", zone: example, servers: [], listeners: "udp tcp"),
        // A port takes the place of NAPTR and SRV, a transport that of NAPTR.
        Case(uri: "sip:example.com:5090", zone: example, servers: ["udp:192.0.2.99:5090"]),
        Case(uri: "sips:example.com:5090", zone: example, servers: ["tls:192.0.2.99:5090"]),
        Case(
            uri: "sip:example.com;transport=tcp", zone: example, servers: ["tcp:192.0.2.1:5060", "tcp:192.0.2.2:5070"]),
        Case(uri: "sip:example.com;transport=tls", zone: example, servers: ["tls:192.0.2.1:5061"]),
        Case(uri: "sip:example.com;transport=sctp", zone: example, servers: []),
        Case(uri: "sips:example.com;transport=udp", zone: example, servers: []),
        // Of one order the preference decides.
        Case(
            uri: "sip:a.example",
            zone: """
                a.example NAPTR 1 20 s SIP+D2U _sip._udp.a.example
                a.example NAPTR 1 10 s SIP+D2T _sip._tcp.a.example
                _sip._udp.a.example SRV 0 0 5060 h.a.example
                _sip._tcp.a.example SRV 0 0 5060 h.a.example
                h.a.example A 192.0.2.3
                """, servers: ["tcp:192.0.2.3:5060", "udp:192.0.2.3:5060"]),
        // A NAPTR for other services says nothing of SIP; its SRV may be of another domain.
        Case(
            uri: "sip:b.example",
            zone: """
                b.example NAPTR 1 1 u E2U+sip x.example
                b.example NAPTR 2 1 s SIP+D2U _sip._udp.host.example
                _sip._udp.host.example SRV 0 0 5066 h.host.example
                h.host.example A 192.0.2.4
                """, servers: ["udp:192.0.2.4:5066"]),
        // Without NAPTR every transport with SRV records will do.
        Case(
            uri: "sip:c.example",
            zone: """
                _sip._tcp.c.example SRV 0 0 5070 h.c.example
                _sips._tcp.c.example SRV 0 0 5071 h.c.example
                h.c.example A 192.0.2.5
                """, servers: ["tcp:192.0.2.5:5070", "tls:192.0.2.5:5071"]),
        Case(
            uri: "sips:c.example",
            zone: """
                _sip._tcp.c.example SRV 0 0 5070 h.c.example
                _sips._tcp.c.example SRV 0 0 5071 h.c.example
                h.c.example A 192.0.2.5
                """, servers: ["tls:192.0.2.5:5071"]),
        // Without SRV the host itself.
        Case(uri: "sip:d.example", zone: "d.example A 192.0.2.6", servers: ["udp:192.0.2.6:5060"]),
        Case(uri: "sips:d.example", zone: "d.example A 192.0.2.6", servers: ["tls:192.0.2.6:5061"]),
        Case(
            uri: "sip:d.example;transport=tcp", zone: "d.example A 192.0.2.6", servers: ["tcp:192.0.2.6:5060"]),
        Case(
            uri: "sip:d.example", zone: "d.example A 192.0.2.6\nd.example AAAA 2001:db8::6",
            servers: ["udp:[2001:db8::6]:5060", "udp:192.0.2.6:5060"], hasIPv6: true),
        Case(uri: "sip:nothing.example", servers: []),
        // RFC 2782: a dot says that the service is not offered, and then the host is not called either.
        Case(
            uri: "sip:e.example;transport=udp", zone: "_sip._udp.e.example SRV 0 0 0 .\ne.example A 192.0.2.6",
            servers: []),
        // Priorities before all else.
        Case(
            uri: "sip:f.example;transport=udp",
            zone: """
                _sip._udp.f.example SRV 20 100 5060 second.f.example
                _sip._udp.f.example SRV 10 0 5060 first.f.example
                first.f.example A 192.0.2.11
                first.f.example A 192.0.2.12
                second.f.example A 192.0.2.13
                """, servers: ["udp:192.0.2.11:5060", "udp:192.0.2.12:5060", "udp:192.0.2.13:5060"]),
    ]

    @Test(arguments: cases) func findsTheServers(_ example: Case) throws {
        let listeners = example.listeners.split(separator: " ").flatMap { transport in
            let transport = SIPTransport(transport)!
            let v4 = SIPListener(transport, Endpoint("192.0.2.100:5060")!)
            return example.hasIPv6 ? [v4, SIPListener(transport, Endpoint("[2001:db8::100]:5060")!)] : [v4]
        }
        var search = LocatorHarness(Zone(example.zone), listeners: listeners)
        let uri = try #require(SIPURI(example.uri))
        let servers = ServerName(uri).map { search.locate($0) } ?? []
        #expect(servers.map { "\($0)" } == example.servers)
        // Whom a server must prove to be is the domain that was asked for, never a name out of the DNS.
        for server in servers { #expect(server.domain == ServerName(uri)?.host) }
    }

    /// RFC 2782: over many searches a server comes first as often as its weight says.
    @Test func weightsShareTheLoad() {
        let zone = Zone(
            """
            _sip._udp.g.example SRV 0 30 5060 a.g.example
            _sip._udp.g.example SRV 0 60 5060 b.g.example
            _sip._udp.g.example SRV 0 10 5060 c.g.example
            a.g.example A 192.0.2.1
            b.g.example A 192.0.2.2
            c.g.example A 192.0.2.3
            """)
        var search = LocatorHarness(zone)
        var first: [IPAddress: Int] = [:]
        for _ in 0..<3_000 {
            let servers = search.locate(ServerName(SIPURI("sip:g.example;transport=udp")!)!)
            #expect(Set(servers).count == 3)
            first[servers[0].endpoint.address, default: 0] += 1
        }
        #expect(abs(first[IPAddress("192.0.2.1")!, default: 0] - 900) < 120)
        #expect(abs(first[IPAddress("192.0.2.2")!, default: 0] - 1_800) < 120)
        #expect(abs(first[IPAddress("192.0.2.3")!, default: 0] - 300) < 120)
    }

    /// RFC 3263 §7: who can suppress an answer must not get TLS turned into UDP.
    @Test(arguments: [
        DNSQuestion("example.com", .naptr), DNSQuestion("_sips._tcp.example.com", .srv),
    ])
    func withoutAnAnswerNothingIsGuessed(_ question: DNSQuestion) {
        var zone = Zone(Self.example)
        zone.unanswered = [question]
        var search = LocatorHarness(zone)
        #expect(search.locate(ServerName(SIPURI("sip:example.com")!)!).isEmpty)
    }

    /// One family of addresses that is not answered for leaves the other.
    @Test func anAddressIsEnough() {
        var zone = Zone("d.example A 192.0.2.6")
        zone.unanswered = [DNSQuestion("d.example", .aaaa)]
        let endpoints = ["192.0.2.100:5060", "[2001:db8::100]:5060"].map { SIPListener(.udp, Endpoint($0)!) }
        var search = LocatorHarness(zone, listeners: endpoints)
        let servers = search.locate(ServerName(SIPURI("sip:d.example:5060")!)!)
        #expect(servers.map { "\($0)" } == ["udp:192.0.2.6:5060"])
    }

    /// A zone of many records is cut where more would only cost time.
    @Test func aLongListIsCut() {
        let records = (0..<40).map { "_sip._udp.h.example SRV 0 0 \(5000 + $0) h.h.example" }
        let addresses = (1...40).map { "h.h.example A 192.0.2.\($0)" }
        var search = LocatorHarness(Zone((records + addresses).joined(separator: "\n")))
        #expect(search.locate(ServerName(SIPURI("sip:h.example;transport=udp")!)!).count == 16)
    }
}
