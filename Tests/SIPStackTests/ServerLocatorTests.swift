import Primitives
import SIPMessages
import SIPStack
import Testing

/// What is remembered between searches: answers, failures, and who waits.
@Suite struct ServerLocatorTests {
    private static let zone = Zone(
        """
        _sip._udp.example.com SRV 0 0 5060 a.example.com
        _sip._udp.example.com SRV 1 0 5060 b.example.com
        a.example.com A 192.0.2.1
        b.example.com A 192.0.2.2
        """)
    private static let uri = "sip:example.com;transport=udp"

    private func server(_ text: String) -> ServerAddress {
        ServerAddress(.udp, Endpoint(text)!, domain: "example.com")
    }

    @Test func anAnswerIsAskedForOnceInItsLifetime() {
        var search = LocatorHarness(Self.zone)
        _ = search.locate(Self.uri)
        let first = search.asked.count
        #expect(first == 3)
        search.now += .seconds(599)
        #expect(search.locate(Self.uri) == ["udp:192.0.2.1:5060", "udp:192.0.2.2:5060"])
        #expect(search.asked.count == first)
        search.now += .seconds(1)
        _ = search.locate(Self.uri)
        #expect(search.asked.count == 2 * first)
    }

    /// RFC 1035 §3.2.1: a lifetime of zero serves the search at hand and no other.
    @Test func anAnswerThatMayNotBeKeptServesItsSearch() {
        var search = LocatorHarness(Self.zone)
        var actions: [ServerLocator.Action] = []
        let name = ServerName(SIPURI("sip:a.example.com:5060")!)!
        let question = DNSQuestion("a.example.com", .a)
        for number in 0..<2 as Range<UInt64> {
            actions = []
            search.locator.handle(.locate(.acknowledgement(number), name), at: search.now, into: &actions)
            #expect(actions.queries == [question])
            search.locator.handle(
                .answer(question, DNSAnswer([.address(IPAddress("192.0.2.1")!)], lifetime: .zero)), at: search.now,
                into: &actions)
            #expect(actions.located.last?.servers.count == 1)
        }
    }

    @Test func theCacheIsBounded() {
        var search = LocatorHarness(Zone(""), cachedAnswers: 10)
        for number in 0..<100 { _ = search.locate("sip:host\(number).example:5060") }
        let asked = search.asked.count
        #expect(asked == 100)
        for number in 90..<100 { _ = search.locate("sip:host\(number).example:5060") }
        #expect(search.asked.count == asked)
        _ = search.locate("sip:host0.example:5060")
        #expect(search.asked.count == asked + 1)
    }

    @Test func oneQuestionServesAllWhoWait() {
        var search = LocatorHarness(Self.zone)
        let name = ServerName(SIPURI("sip:a.example.com:5060")!)!
        var actions: [ServerLocator.Action] = []
        for number in 0..<5 as Range<UInt64> {
            search.locator.handle(.locate(.acknowledgement(number), name), at: search.now, into: &actions)
        }
        search.locator.handle(.forget(.acknowledgement(2)), at: search.now, into: &actions)
        #expect(actions.queries.count == 1)
        let question = DNSQuestion("a.example.com", .a)
        search.locator.handle(.answer(question, Self.zone.answer(to: question)), at: search.now, into: &actions)
        #expect(actions.located.map(\.token) == [0, 1, 3, 4].map { .acknowledgement($0) })
    }

    @Test func aSearchEndsWithoutAnAnswer() throws {
        var search = LocatorHarness(Self.zone)
        var actions: [ServerLocator.Action] = []
        let name = ServerName(SIPURI(Self.uri)!)!
        search.locator.handle(.locate(.acknowledgement(1), name), at: search.now, into: &actions)
        let deadline = try #require(search.locator.nextDeadline)
        #expect(deadline == search.now + .seconds(8))
        search.locator.handle(.wake, at: deadline, into: &actions)
        #expect(actions.located.map(\.servers) == [[]])
        #expect(search.locator.nextDeadline == nil)
    }

    @Test func aServerThatFailedComesLastForAWhile() {
        var search = LocatorHarness(Self.zone)
        var actions: [ServerLocator.Action] = []
        search.locator.handle(.failed(server("192.0.2.1:5060"), for: nil), at: search.now, into: &actions)
        #expect(search.locate(Self.uri) == ["udp:192.0.2.2:5060", "udp:192.0.2.1:5060"])
        search.now += .seconds(60)
        #expect(search.locate(Self.uri) == ["udp:192.0.2.1:5060", "udp:192.0.2.2:5060"])
        // RFC 3261 §21.5.4: a 503 may say for how long, within reason.
        search.locator.handle(.failed(server("192.0.2.1:5060"), for: .seconds(90)), at: search.now, into: &actions)
        search.now += .seconds(89)
        #expect(search.locate(Self.uri).first == "udp:192.0.2.2:5060")
        search.now += .seconds(1)
        #expect(search.locate(Self.uri).first == "udp:192.0.2.1:5060")
        search.locator.handle(.failed(server("192.0.2.1:5060"), for: .hours(100)), at: search.now, into: &actions)
        search.now += .seconds(600)
        #expect(search.locate(Self.uri).first == "udp:192.0.2.1:5060")
    }

    @Test func theListOfFailedServersIsBounded() {
        var search = LocatorHarness(Self.zone, failedServers: 4)
        var actions: [ServerLocator.Action] = []
        search.locator.handle(.failed(server("192.0.2.1:5060"), for: nil), at: search.now, into: &actions)
        for port in 1...10 {
            search.now += .milliseconds(1)
            search.locator.handle(.failed(server("192.0.2.9:\(port)"), for: nil), at: search.now, into: &actions)
        }
        #expect(search.locate(Self.uri).first == "udp:192.0.2.1:5060")
    }
}

extension [ServerLocator.Action] {
    var queries: [DNSQuestion] { compactMap { if case .query(let question) = $0 { question } else { nil } } }

    var located: [(token: LocationToken, servers: [ServerAddress])] {
        compactMap { if case .located(let token, let servers) = $0 { (token, servers) } else { nil } }
    }
}
