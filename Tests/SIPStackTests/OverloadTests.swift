import Primitives
import SIPMessages
import SIPStack
import Testing

/// RFC 7339, and what is turned away first when there is too much to do.
@Suite struct OverloadTests {
    private let alice = Peer("alice", "198.51.100.7:5060")

    /// A server that was so busy for so long.
    private func harness(busy: Double, seconds: Int) -> ServerHarness {
        var harness = ServerHarness(
            trusted: ["198.51.100.0/24"], maximumTransactions: 100_000, emergency: "sip:112@203.0.113.112")
        Self.pass(&harness, busy: busy, seconds: seconds)
        return harness
    }

    private static func pass(_ harness: inout ServerHarness, busy: Double, seconds: Int) {
        for _ in 0..<seconds * 4 {
            harness.handle(.load(busy))
            harness.advance(.milliseconds(250))
        }
        harness.handle(.load(busy))
        harness.actions = []
    }

    /// How many of 200 such requests are turned away.
    private func shed(
        _ harness: inout ServerHarness, _ method: SIPMethod, to: String? = nil, uri: String = "sip:bob@example.org",
        headers: [(HeaderName, String)] = []
    ) -> Int {
        (1...200).filter { _ in
            harness.receive(harness.request(method, uri, from: alice, to: to, headers: headers), on: alice.flow)
            return harness.sentMessages().contains { $0.statusCode == 503 }
        }.count
    }

    @Test func eventStateGoesFirstThenRequestsThenDialogs() {
        let inDialog = "<sip:bob@example.org>;tag=b"
        // Seconds of being quite busy: shares of what is turned away of SUBSCRIBE and PUBLISH, INVITE, BYE.
        typealias Shed = (
            seconds: Int, eventState: any RangeOrNumber, calls: any RangeOrNumber, dialogs: any RangeOrNumber
        )
        let rows: [Shed] = [
            (15, 0, 0, 0), (16, 1...199, 0, 0), (17, 200, 1...199, 0), (18, 200, 200, 1...200),
        ]
        for (seconds, eventState, calls, dialogs) in rows {
            var harness = harness(busy: 1, seconds: seconds)
            for method in [SIPMethod.subscribe, .publish] {
                let headers: [(HeaderName, String)] = [(.event, "presence")]
                #expect(eventState.contains(shed(&harness, method, headers: headers)), "\(method) after \(seconds)")
            }
            #expect(calls.contains(shed(&harness, .invite)), "INVITE after \(seconds)")
            #expect(dialogs.contains(shed(&harness, .bye, to: inDialog)), "BYE after \(seconds)")
        }
    }

    @Test func emergenciesAreNeverTurnedAway() {
        var harness = harness(busy: 1, seconds: 60)
        #expect(shed(&harness, .invite) == 200)
        #expect(shed(&harness, .bye, to: "<sip:bob@example.org>;tag=b") == 200)
        #expect(shed(&harness, .invite, to: "<urn:service:sos>", uri: "urn:service:sos") == 0)
        #expect(shed(&harness, .bye, to: "<urn:service:sos>;tag=p", uri: "sip:112@203.0.113.112") == 0)
        // A To alone makes no emergency.
        #expect(shed(&harness, .invite, to: "<urn:service:sos>") == 200)
    }

    @Test func itEndsWhenThereIsLessToDo() {
        var harness = harness(busy: 1, seconds: 60)
        Self.pass(&harness, busy: 0.2, seconds: 10)
        #expect(shed(&harness, .subscribe, headers: [(.event, "presence")]) == 0)
        // A load that is merely high is none that is too high.
        Self.pass(&harness, busy: 0.84, seconds: 600)
        #expect(shed(&harness, .publish, headers: [(.event, "presence")]) == 0)
    }

    /// Whatever is offered, what is taken settles at what can be done, and calls are served before event state.
    @Test func twiceTheLoadStillServesTheCalls() {
        var control = OverloadControl()
        var random = RandomSource(seed: 3)
        var now = Instant(secondsSince1970: 1_000)
        var served = (eventState: 0, calls: 0)
        for step in 1...400 {
            var cost = 0.0
            // In a quarter of a second: 150 of each, of which 220 in all can be served.
            for priority in [OverloadControl.Priority.eventState, .request] {
                for _ in 1...150 {
                    let isShed = control.sheds(priority, draw: random.unit())
                    cost += isShed ? 0.1 : 1
                    guard step > 120, !isShed else { continue }
                    if priority == .request { served.calls += 1 } else { served.eventState += 1 }
                }
            }
            now += .milliseconds(250)
            control.note(busy: cost / 220, at: now)
        }
        #expect(Double(served.calls) / (280 * 150) > 0.95)
        #expect((0.05...0.3).contains(Double(served.eventState) / (280 * 150)))
    }

    // MARK: what clients are told

    private func via(_ parameters: String, times: Int = 1) -> (HeaderName, String) {
        let own = "SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK\(parameters.utf8.count)\(times)\(parameters)"
        return (.via, own + String(repeating: ", SIP/2.0/UDP 198.51.100.99;branch=z9hG4bKx", count: times - 1))
    }

    private func answer(
        _ harness: inout ServerHarness, _ via: (HeaderName, String), _ method: SIPMethod = .options
    ) throws -> SIPMessage {
        let request = harness.request(method, "sip:example.org", from: alice, headers: [(.event, "presence")])
            .editing { edit in
                edit.removeAll(.via)
                edit.prepend(.via, via.1)
            }
        harness.receive(request, on: alice.flow)
        return try #require(harness.sentMessages().first)
    }

    @Test func clientsThatAskAreTold() throws {
        var harness = harness(busy: 0.1, seconds: 1)
        let calm = try answer(&harness, via(";oc;oc-algo=\"loss,A\"")).topVia.parameters
        #expect(calm["oc"] == "0" && calm["oc-algo"] == "loss" && calm["oc-validity"] == "0")
        Self.pass(&harness, busy: 1, seconds: 17)
        harness.advance(.seconds(1))
        let response = try answer(&harness, via(";oc;oc-algo=\"A, loss\""))
        #expect(response.statusCode == 503)
        let told = try response.topVia.parameters
        #expect(told["oc"].flatMap { Int($0) }.map { (34...70).contains($0) } == true)
        #expect(told["oc-algo"] == "loss" && told["oc-validity"] == "500")
        let sequence = [calm, told].map { Double($0["oc-seq"] ?? "") ?? -1 }
        #expect(sequence[0] >= 0 && sequence[1] > sequence[0])
    }

    @Test func clientsThatDoNotAskAreNot() throws {
        var harness = harness(busy: 1, seconds: 17)
        for parameters in ["", ";oc;oc-algo=\"rate\""] {
            let response = try answer(&harness, via(parameters))
            #expect(try !response.topVia.parameters.contains("oc-seq"))
        }
    }

    /// RFC 7339 §5.10.2: a proxy that is told Retry-After keeps everybody's requests back.
    @Test func phonesAreToldWhenToComeAgainAndProxiesAreNot() throws {
        var harness = harness(busy: 1, seconds: 60)
        let phone = try answer(&harness, via(""))
        #expect(try phone.retryAfter.map { (2...10).contains($0.seconds) } == true)
        let proxy = try answer(&harness, via(";x", times: 2))
        #expect(proxy.statusCode == 503 && !proxy.contains(.retryAfter))
    }
}

/// What a number of requests may be.
private protocol RangeOrNumber { func contains(_ number: Int) -> Bool }
extension Int: RangeOrNumber { fileprivate func contains(_ number: Int) -> Bool { self == number } }
extension ClosedRange<Int>: RangeOrNumber {}
