import NIOCore
import NodeIO
import Primitives
import SIPMessages
import SIPStack
import Testing

@Suite(.timeLimit(.minutes(1))) struct SIPTransportsTests {
    static func message(_ number: Int, body: String = "") -> String {
        """
        MESSAGE sip:bob@example.org SIP/2.0\r
        Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK\(number)\r
        Max-Forwards: 70\r
        From: <sip:alice@example.org>;tag=1\r
        To: <sip:bob@example.org>\r
        Call-ID: \(number)\r
        CSeq: \(number) MESSAGE\r
        Content-Length: \(body.utf8.count)\r
        \r
        \(body)
        """
    }

    func received(_ event: TransportEvent?) throws -> (text: String, flow: Flow) {
        guard case .received(let bytes, let flow) = event else {
            Issue.record("\(String(describing: event)) came where a message should")
            throw CancellationError()
        }
        return (String(decoding: bytes, as: UTF8.self), flow)
    }

    @Test func datagramsGoThereAndBack() async throws {
        let a = try await TransportProbe()
        let b = try await TransportProbe()
        let atA = try await a.listen(.udp)
        let atB = try await b.listen(.udp)
        a.perform(.transmit(Array("there".utf8), on: Flow(transport: .udp, local: atA, remote: .endpoint(atB))))
        let (text, flow) = try received(await b.next())
        #expect(text == "there")
        #expect(flow == Flow(transport: .udp, local: atB, remote: .endpoint(atA)))
        b.perform(.transmit(Array("back".utf8), on: flow))
        #expect(try received(await a.next()).text == "back")
        await a.close()
        await b.close()
    }

    /// SwiftNIO closes a datagram channel when the system refuses one datagram; ours must not.
    @Test func aDatagramThatTheSystemRefusesFailsAlone() async throws {
        let a = try await TransportProbe()
        let b = try await TransportProbe()
        let atA = try await a.listen(.udp)
        let atB = try await b.listen(.udp)
        for refused in ["127.0.0.1:0", "255.255.255.255:9", "[2001:db8::1]:9"] {
            let flow = Flow(transport: .udp, local: atA, remote: .endpoint(try #require(Endpoint(refused))))
            a.perform(.transmit([1], on: flow))
            guard case .sendFailed(flow) = await a.next() else {
                Issue.record("\(refused) was not refused")
                return
            }
        }
        let good = Flow(transport: .udp, local: atA, remote: .endpoint(atB))
        a.perform(.transmit(Array(repeating: 65, count: 70_000), on: good))
        guard case .sendFailed(good) = await a.next() else {
            Issue.record("a datagram of 70,000 bytes was not refused")
            return
        }
        a.perform(.transmit(Array("still here".utf8), on: good))
        #expect(try received(await b.next()).text == "still here")
        await a.close()
        await b.close()
    }

    @Test func messagesAreFramedHoweverTheBytesArrive() async throws {
        let probe = try await TransportProbe()
        let peer = try BlockingSocket(connectingTo: try await probe.listen(.tcp))
        let whole = Self.message(1, body: "hello") + Self.message(2) + Self.message(3, body: "x")
        for start in stride(from: 0, to: whole.utf8.count, by: 37) {
            peer.write(String(whole.utf8.dropFirst(start).prefix(37))!)
        }
        let first = try received(await probe.next())
        #expect(first.text == Self.message(1, body: "hello"))
        #expect(first.flow.transport == .tcp)
        #expect(first.flow.connection != 0)
        let second = try received(await probe.next())
        #expect(second.text == Self.message(2))
        #expect(second.flow == first.flow)
        #expect(try received(await probe.next()).text == Self.message(3, body: "x"))
        probe.perform(.transmit(Array("SIP/2.0 200 OK".utf8), on: first.flow))
        #expect(peer.read(14) == "SIP/2.0 200 OK")
        await probe.close()
    }

    @Test func aPingIsAnsweredWithAPong() async throws {
        let probe = try await TransportProbe()
        let peer = try BlockingSocket(connectingTo: try await probe.listen(.tcp))
        peer.write("\r\n\r\n")
        #expect(peer.read(2) == "\r\n")
        await probe.close()
    }

    @Test func abrokenStreamIsAnsweredAndClosedWhenTold() async throws {
        let probe = try await TransportProbe()
        let peer = try BlockingSocket(connectingTo: try await probe.listen(.tcp))
        peer.write(Self.message(1).replacing("Content-Length: 0", with: "Content-Length: -1") + Self.message(2))
        guard case .framingFailed(_, let flow, _) = await probe.next() else {
            Issue.record("the framing did not fail")
            return
        }
        let answer = String(repeating: "4", count: 100_000)
        probe.perform(.transmit(Array(answer.utf8), on: flow), .close(flow))
        #expect(peer.read(100_000) == answer)
        #expect(peer.isClosedByPeer)
        // Nothing behind the fault was read.
        guard case .closed(flow) = await probe.next() else {
            Issue.record("the connection is not reported closed")
            return
        }
        await probe.close()
    }

    @Test func oneConnectionServesAllMessagesToAnEndpoint() async throws {
        let a = try await TransportProbe()
        let b = try await TransportProbe()
        let atA = try await a.listen(.tcp)
        let atB = try await b.listen(.tcp)
        let flow = Flow(transport: .tcp, local: atA, remote: .endpoint(atB))
        // The first waits for the connection, the second with it.
        a.perform(.transmit(Array(Self.message(1).utf8), on: flow), .transmit(Array(Self.message(2).utf8), on: flow))
        let first = try received(await b.next())
        let second = try received(await b.next())
        #expect([first.text, second.text] == [Self.message(1), Self.message(2)])
        #expect(first.flow == second.flow)
        // And the way back is the same connection.
        b.perform(.transmit(Array(Self.message(3).utf8), on: first.flow))
        let back = try received(await a.next())
        #expect(back.text == Self.message(3))
        a.perform(.transmit(Array(Self.message(4).utf8), on: flow))
        #expect(try received(await b.next()).flow == first.flow)
        a.perform(.close(back.flow))
        guard case .closed(first.flow) = await b.next() else {
            Issue.record("b was not told of the close")
            return
        }
        guard case .closed(back.flow) = await a.next() else {
            Issue.record("a was not told of the close")
            return
        }
        // A flow whose connection is gone is not opened anew by itself.
        a.perform(.transmit([1], on: back.flow))
        guard case .sendFailed(back.flow) = await a.next() else {
            Issue.record("sending on a closed connection did not fail")
            return
        }
        await a.close()
        await b.close()
    }

    @Test func aConnectionThatCannotBeMadeFailsAllThatWaits() async throws {
        let a = try await TransportProbe()
        let atA = try await a.listen(.tcp)
        let nobody = try DeafPort()
        let flow = Flow(transport: .tcp, local: atA, remote: .endpoint(nobody.endpoint))
        a.perform(.transmit([1], on: flow), .transmit([2], on: flow))
        for _ in 0..<2 {
            guard case .sendFailed(flow) = await a.next() else {
                Issue.record("the failure was not told")
                return
            }
        }
        await a.close()
        withExtendedLifetime(nobody) {}
    }

    @Test func aReaderThatIsTooSlowIsCutOff() async throws {
        var limits = TransportLimits()
        limits.waitingBytes = 100_000
        let probe = try await TransportProbe(limits: limits)
        let peer = try BlockingSocket(connectingTo: try await probe.listen(.tcp))
        peer.write(Self.message(1))
        let flow = try received(await probe.next()).flow
        // More than the system's own buffers hold.
        for _ in 0..<2_000 { probe.perform(.transmit(Array(repeating: 65, count: 10_000), on: flow)) }
        var (hasFailed, isClosed) = (false, false)
        while !hasFailed || !isClosed, let event = await probe.next() {
            if case .sendFailed(flow) = event { hasFailed = true }
            if case .closed(flow) = event { isClosed = true }
        }
        #expect(hasFailed && isClosed)
        await probe.close()
        withExtendedLifetime(peer) {}
    }

    @Test func aConnectionThatSaysNothingIsClosed() async throws {
        var limits = TransportLimits()
        limits.messageTime = .milliseconds(200)
        let probe = try await TransportProbe(limits: limits)
        let endpoint = try await probe.listen(.tcp)
        let silent = try BlockingSocket(connectingTo: endpoint)
        let slow = try BlockingSocket(connectingTo: endpoint)
        slow.write(Self.message(1) + "MESSAGE sip:bob")
        #expect(silent.isClosedByPeer)
        #expect(slow.isClosedByPeer)
        await probe.close()
    }

    /// RFC 5626 §5.4: a device that was told to keep its connection alive and does not is gone.
    @Test func aConnectionThatFallsSilentIsClosed() async throws {
        let probe = try await TransportProbe()
        let endpoint = try await probe.listen(.tcp)
        let phone = try BlockingSocket(connectingTo: endpoint)
        phone.write(Self.message(1))
        let (_, flow) = try received(await probe.next())
        probe.perform(.limitSilence(flow, .milliseconds(100)))
        #expect(phone.isClosedByPeer)
        guard case .closed(flow) = await probe.next() else {
            Issue.record("nobody was told that the connection ended")
            return
        }
        await probe.close()
    }

    /// Neither what is sent to a connection nor its keep-alives give it more time for a message that it has begun.
    @Test func whoSendsAMessageByDropsIsClosed() async throws {
        var limits = TransportLimits()
        limits.messageTime = .milliseconds(1_500)
        let probe = try await TransportProbe(limits: limits)
        let peer = try BlockingSocket(connectingTo: try await probe.listen(.tcp))
        peer.write(Self.message(1))
        let flow = try received(await probe.next()).flow
        peer.write("MESSAGE sip:bob")
        let feeding = Task {
            while !Task.isCancelled {
                probe.perform(.transmit(Array("NOTIFY".utf8), on: flow))
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        while case .received = await probe.next() {}
        feeding.cancel()
        await probe.close()
        withExtendedLifetime(peer) {}
    }

    @Test func whoOnlyKeepsAliveIsClosed() async throws {
        var limits = TransportLimits()
        limits.messageTime = .milliseconds(1_500)
        let probe = try await TransportProbe(limits: limits)
        let peer = try BlockingSocket(connectingTo: try await probe.listen(.tcp))
        let feeding = Task {
            while !Task.isCancelled {
                _ = peer.canWrite("\r\n\r\n")
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        guard case .closed = await probe.next() else {
            Issue.record("something else than the end of the connection")
            return
        }
        feeding.cancel()
        await probe.close()
    }

    @Test func connectionsBeyondTheLimitAreClosed() async throws {
        var limits = TransportLimits()
        limits.connectionsFromOneAddress = 2
        let probe = try await TransportProbe(limits: limits)
        let endpoint = try await probe.listen(.tcp)
        let peers = try (0..<2).map { _ in try BlockingSocket(connectingTo: endpoint) }
        for (number, peer) in peers.enumerated() {
            peer.write(Self.message(number))
            _ = try received(await probe.next())
        }
        #expect(try BlockingSocket(connectingTo: endpoint).isClosedByPeer)
        await probe.close()
    }

    @Test func aPortThatIsTakenIsTold() async throws {
        let a = try await TransportProbe()
        let b = try await TransportProbe()
        for transport in [SIPTransport.udp, .tcp] {
            let endpoint = try await a.listen(transport)
            let error = await #expect(throws: SystemCallError.self) { try await b.listen(transport, at: endpoint) }
            #expect("\(error!)".contains("\(endpoint)") && "\(error!)".contains("in use"))
        }
        await a.close()
        await b.close()
    }
}
