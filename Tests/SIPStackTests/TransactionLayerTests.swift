import Primitives
import SIPMessages
import SIPStack
import Testing

@Suite struct TransactionLayerTests {
    private let remote = Endpoint("198.51.100.7:5060")!

    /// A layer alone, with what it said.
    private struct Driver {
        var layer: TransactionLayer
        var now = Instant(secondsSince1970: 1_000)
        var actions: [TransactionLayer.Action] = []

        init(maximumClients: Int = 100) {
            let endpoint = Endpoint("192.0.2.1:5060")!
            layer = TransactionLayer(
                configuration: TransactionConfiguration(
                    listeners: [SIPListener(.udp, endpoint), SIPListener(.tcp, endpoint)],
                    maximumClientTransactions: maximumClients),
                random: RandomSource(seed: 1))
        }

        mutating func handle(_ event: TransactionLayer.Event) { layer.handle(event, at: now, into: &actions) }

        mutating func receive(_ text: String, on flow: Flow) {
            let bytes = Array(text.replacing("\n", with: "\r\n").utf8)
            handle(.transport(.received(bytes, on: flow)))
        }

        mutating func advance(_ interval: Interval) {
            let end = now + interval
            while let deadline = layer.nextDeadline, deadline <= end {
                now = max(now, deadline)
                handle(.wake)
            }
            now = end
        }

        mutating func sent() -> [(message: SIPMessage, flow: Flow)] {
            defer { actions = [] }
            return actions.compactMap { action in
                guard case .transport(.transmit(let bytes, let flow)) = action,
                    let message = try? SIPMessage(parsing: bytes)
                else { return nil }
                return (message, flow)
            }
        }

        var requests: [ServerTransactionID] {
            actions.compactMap { if case .request(let id, _, _) = $0 { id } else { nil } }
        }

        var failures: [Int] {
            actions.compactMap { if case .failed(_, let status) = $0 { status } else { nil } }
        }
    }

    private func flow(_ endpoint: String, _ transport: SIPTransport = .udp, connection: UInt64 = 0) -> Flow {
        Flow(
            transport: transport, local: Endpoint("192.0.2.1:5060")!, remote: .endpoint(Endpoint(endpoint)!),
            connection: connection)
    }

    private func options(_ via: String, method: String = "OPTIONS", to: String = "<sip:b@example.org>") -> String {
        """
        \(method) sip:b@example.org SIP/2.0
        Via: SIP/2.0/\(via)
        From: <sip:a@example.org>;tag=1
        To: \(to)
        Call-ID: c1
        CSeq: 1 \(method)


        """
    }

    /// What arrives from, the Via it carries, and where the response goes (RFC 3261 §18.2, RFC 3581 §4).
    @Test(arguments: [
        ("UDP 198.51.100.7:5070;branch=z9hG4bK1", "198.51.100.7:9999", "198.51.100.7:5070", nil as String?),
        ("UDP 198.51.100.7;branch=z9hG4bK1", "198.51.100.7:9999", "198.51.100.7:5060", nil),
        ("UDP phone.example.org:5070;branch=z9hG4bK1", "198.51.100.7:9999", "198.51.100.7:5070", "198.51.100.7"),
        ("UDP 10.0.0.1:5070;branch=z9hG4bK1;rport", "198.51.100.7:9999", "198.51.100.7:9999", "198.51.100.7"),
        ("UDP 10.0.0.1;branch=z9hG4bK1;received=6.6.6.6", "198.51.100.7:9999", "198.51.100.7:5060", "198.51.100.7"),
        ("UDP 10.0.0.1;branch=z9hG4bK1;maddr=6.6.6.6", "198.51.100.7:9999", "198.51.100.7:5060", "198.51.100.7"),
    ])
    func responsesGoWhereTheRequestCameFrom(via: String, source: String, reply: String, received: String?) throws {
        var driver = Driver()
        driver.receive(options(via), on: flow(source))
        let id = try #require(driver.requests.first)
        guard
            case .request(_, let request, _)? = driver.actions.first(where: {
                if case .request = $0 { true } else { false }
            })
        else { return }
        driver.handle(.respond(id, request.response(200, toTag: "x")))
        let sent = try #require(driver.sent().first)
        #expect(sent.flow.remote == .endpoint(Endpoint(reply)!))
        #expect(try sent.message.topVia.received == received.flatMap { IPAddress($0) })
    }

    /// A path that is full for one request is not lost for those that wait on it.
    @Test func whatIsNotTakenFailsAlone() throws {
        var driver = Driver()
        let node = NodeID(bits: Bits256(words: SIMD4(repeating: 7)))
        var ids: [ClientTransactionID] = []
        for number in 0..<3 {
            let id = driver.layer.makeClientTransactionID()
            ids.append(id)
            let request = SIPMessage.request(
                .options, uri: SIPURI(user: "b", host: "example.org"),
                headers: [
                    (.from, "<sip:a@example.org>;tag=1"), (.to, "<sip:b@example.org>"), (.callID, "c\(number)"),
                    (.cseq, "1 OPTIONS"), (.maxForwards, "70"),
                ])
            driver.handle(.send(id, request, to: .node(node), branchSuffix: nil))
        }
        let sent = driver.sent()
        #expect(sent.count == 3)
        driver.handle(.transport(.unsent(sent[1].message.bytes, on: sent[1].flow)))
        var failed: [ClientTransactionID] = []
        for case .failed(let id, let status) in driver.actions {
            failed.append(id)
            #expect(status == 503)
        }
        #expect(failed == [ids[1]])
    }

    @Test func retransmissionsGetTheSameResponse() throws {
        var driver = Driver()
        let text = options("UDP 198.51.100.7:5060;branch=z9hG4bKr")
        driver.receive(text, on: flow("198.51.100.7:5060"))
        let id = try #require(driver.requests.first)
        driver.receive(text, on: flow("198.51.100.7:5060"))
        #expect(driver.requests.count == 1)
        let request = try SIPMessage(parsing: Array(text.replacing("\n", with: "\r\n").utf8))
        driver.handle(.respond(id, request.response(404, toTag: "x")))
        let first = driver.sent()
        driver.receive(text, on: flow("198.51.100.7:5060"))
        #expect(driver.sent().map(\.message) == first.map(\.message))
        // The same branch from another sent-by is another transaction (RFC 3261 §17.2.3).
        driver.receive(options("UDP 198.51.100.8:5060;branch=z9hG4bKr"), on: flow("198.51.100.8:5060"))
        #expect(driver.requests.count == 1)
    }

    /// RFC 3261 §17.2.3: clients of RFC 2543 have no magic cookie; Request-URI, tags, Call-ID, CSeq and Via decide.
    @Test func oldClientsAreMatchedByTheirHeaderFields() throws {
        var driver = Driver()
        let invite = options("UDP 198.51.100.7:5060;branch=1", method: "INVITE")
        driver.receive(invite, on: flow("198.51.100.7:5060"))
        driver.receive(invite, on: flow("198.51.100.7:5060"))
        let id = try #require(driver.requests.first)
        #expect(driver.requests.count == 1)
        let request = try SIPMessage(parsing: Array(invite.replacing("\n", with: "\r\n").utf8))
        driver.actions = []
        driver.handle(.respond(id, request.response(486, toTag: "x")))
        _ = driver.sent()
        let ack = invite.replacing("INVITE", with: "ACK").replacing(
            "<sip:b@example.org>\n", with: "<sip:b@example.org>;tag=x\n")
        driver.receive(ack, on: flow("198.51.100.7:5060"))
        #expect(!driver.actions.contains { if case .ack = $0 { true } else { false } })
        driver.advance(.seconds(4))
        #expect(driver.sent().isEmpty)
    }

    /// RFC 3261 §18.2.2: when the connection has gone the response goes to the source at the port of sent-by.
    @Test func aClosedConnectionIsReplacedForTheResponse() throws {
        var driver = Driver()
        let connection = flow("198.51.100.7:40000", .tcp, connection: 4)
        let text = options("TCP 198.51.100.7:5070;branch=z9hG4bKt").replacing(
            "CSeq", with: "Content-Length: 0\nCSeq")
        driver.receive(text, on: connection)
        let id = try #require(driver.requests.first)
        let request = try SIPMessage(parsing: Array(text.replacing("\n", with: "\r\n").utf8))
        driver.handle(.transport(.closed(connection)))
        driver.handle(.respond(id, request.response(200, toTag: "x")))
        #expect(driver.sent().map(\.flow) == [flow("198.51.100.7:5070", .tcp)])
    }

    private func large(_ size: Int) -> SIPMessage {
        .request(
            .message, uri: SIPURI("sip:b@198.51.100.7")!,
            headers: [(.from, "<sip:a@b>;tag=1"), (.to, "<sip:b@c>"), (.callID, "l"), (.cseq, "1 MESSAGE")],
            body: [UInt8](repeating: 65, count: size))
    }

    /// RFC 3261 §18.1.1: more than 1,300 bytes leave UDP, and come back to it when TCP can't connect.
    @Test func largeRequestsMoveToTCPAndBack() throws {
        var driver = Driver()
        let id = driver.layer.makeClientTransactionID()
        driver.handle(.send(id, large(2_000), to: .address(.udp, remote), branchSuffix: nil))
        let first = try #require(driver.sent().first)
        #expect(first.flow.transport == .tcp)
        #expect(try first.message.topVia.transportName == "TCP")
        driver.handle(.transport(.sendFailed(first.flow)))
        #expect(driver.failures.isEmpty)
        let second = try #require(driver.sent().first)
        #expect(second.flow.transport == .udp)
        #expect(try second.message.topVia.transportName == "UDP")
        driver.handle(.transport(.received(second.message.response(200).bytes, on: second.flow)))
        #expect(driver.actions.contains { if case .response(id, _) = $0 { true } else { false } })
        let small = driver.layer.makeClientTransactionID()
        driver.actions = []
        driver.handle(.send(small, large(200), to: .address(.udp, remote), branchSuffix: nil))
        #expect(driver.sent().first?.flow.transport == .udp)
    }

    @Test func aDeadConnectionFailsItsRequestsOnly() {
        var driver = Driver()
        let ids = (0..<2).map { _ in driver.layer.makeClientTransactionID() }
        driver.handle(
            .send(ids[0], large(10), to: .flow(flow("198.51.100.7:5060", .tcp, connection: 1)), branchSuffix: nil))
        driver.handle(
            .send(ids[1], large(10), to: .flow(flow("198.51.100.8:5060", .tcp, connection: 2)), branchSuffix: nil))
        driver.actions = []
        driver.handle(.transport(.closed(flow("198.51.100.7:5060", .tcp, connection: 1))))
        #expect(driver.failures == [503])
        driver.advance(.seconds(33))
        #expect(driver.failures == [503, 408])
        #expect(driver.layer.count == 0)
        #expect(driver.layer.nextDeadline == nil)
    }

    @Test func moreThanTheTableHoldsFailsAtOnce() {
        var driver = Driver(maximumClients: 1)
        for _ in 1...2 {
            let id = driver.layer.makeClientTransactionID()
            driver.handle(.send(id, large(10), to: .address(.udp, remote), branchSuffix: nil))
        }
        #expect(driver.failures == [503])
    }

    @Test func strayResponsesAreDroppedButFor2xxToInvite() {
        var driver = Driver()
        for (status, method, isStray) in [(200, "INVITE", true), (486, "INVITE", false), (200, "BYE", false)] {
            driver.actions = []
            driver.receive(
                """
                SIP/2.0 \(status) X
                Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnobody
                From: <sip:a@example.org>;tag=1
                To: <sip:b@example.org>;tag=2
                Call-ID: c
                CSeq: 1 \(method)


                """, on: flow("198.51.100.7:5060"))
            #expect(driver.actions.contains { if case .strayResponse = $0 { true } else { false } } == isStray)
            #expect(driver.actions.count == (isStray ? 1 : 0))
        }
    }

    @Test func brokenRequestsAreAnsweredAndForgotten() {
        var driver = Driver()
        driver.receive(
            options("UDP 198.51.100.7:5060;branch=z9hG4bKx").replacing("CSeq: 1 OPTIONS", with: "CSeq: x"),
            on: flow("198.51.100.7:5060"))
        #expect(driver.sent().map(\.message.statusCode) == [400])
        #expect(driver.layer.count == 0)
    }
}
