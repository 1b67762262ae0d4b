import NodeIO
import Primitives
import SIPMessages
import SIPStack
import Testing

extension SIPTransportsTests {
    /// SIP over WebSocket (RFC 7118).
    @Suite(.timeLimit(.minutes(1))) struct WebSocket {
        private let tests = SIPTransportsTests()
        private static let continuation: UInt8 = 0, text: UInt8 = 1, binary: UInt8 = 2, close: UInt8 = 8,
            ping: UInt8 = 9

        private func connected(_ probe: TransportProbe) async throws -> WebSocketPeer {
            let peer = try WebSocketPeer(try await probe.listen(.ws))
            #expect(peer.readHead().first?.contains(" 101 ") == true)
            return peer
        }

        @Test func theHandshakeAgreesOnSIP() async throws {
            let probe = try await TransportProbe()
            let endpoint = try await probe.listen(.ws)
            // The example of RFC 6455 §1.3.
            let head = try WebSocketPeer(endpoint, subprotocol: "msrp, SIP").readHead()
            #expect(head.first == "HTTP/1.1 101 Switching Protocols")
            #expect(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
            #expect(head.contains("Sec-WebSocket-Protocol: sip"))
            await probe.close()
        }

        @Test(arguments: [nil, "msrp"]) func whoSpeaksNoSIPIsToldSo(subprotocol: String?) async throws {
            let probe = try await TransportProbe()
            let peer = try WebSocketPeer(try await probe.listen(.ws), subprotocol: subprotocol)
            #expect(peer.readHead().first == "HTTP/1.1 426 Upgrade Required")
            #expect(peer.socket.read(1_000).contains("subprotocol \"sip\""))
            await probe.close()
        }

        @Test func aMessageIsAMessageWithoutContentLength() async throws {
            let probe = try await TransportProbe()
            let peer = try await connected(probe)
            let message = SIPTransportsTests.message(1, body: "hello").replacing("Content-Length: 5\r\n", with: "")
            peer.write(Self.text, message)
            peer.write(Self.binary, SIPTransportsTests.message(2))
            let first = try tests.received(await probe.next())
            #expect(first.text == message)
            #expect(first.flow.transport == .ws && first.flow.connection != 0)
            #expect(try tests.received(await probe.next()).text == SIPTransportsTests.message(2))
            probe.perform(.transmit(Array("SIP/2.0 200 OK".utf8), on: first.flow))
            #expect(peer.read() == (0x80 | Self.text, "SIP/2.0 200 OK"))
            // Not UTF-8, so no text (RFC 6455 §5.6).
            probe.perform(.transmit([0xFF, 0xFE], on: first.flow))
            #expect(peer.read().opcode == 0x80 | Self.binary)
            await probe.close()
        }

        @Test func fragmentsMakeOneMessageAndPingsGoBetween() async throws {
            let probe = try await TransportProbe()
            let peer = try await connected(probe)
            peer.write(Self.text, "MESSAGE sip:", isFinal: false)
            peer.write(Self.ping, "still there?")
            #expect(peer.read() == (0x80 | 10, "still there?"))
            peer.write(Self.continuation, "bob@example.org", isFinal: false)
            peer.write(Self.continuation, " SIP/2.0")
            #expect(try tests.received(await probe.next()).text == "MESSAGE sip:bob@example.org SIP/2.0")
            await probe.close()
        }

        @Test func aDoubleCRLFKeepsAlive() async throws {
            let probe = try await TransportProbe()
            let peer = try await connected(probe)
            peer.write(Self.text, "\r\n\r\n")
            #expect(peer.read() == (0x80 | Self.text, "\r\n"))
            await probe.close()
        }

        @Test func whoBreaksTheRulesIsClosed() async throws {
            let faults: [(WebSocketPeer) -> Void] = [
                { $0.write(Self.text, "unmasked", isMasked: false) },
                { $0.write(Self.continuation, "of nothing") },
                {
                    $0.write(Self.text, "begun", isFinal: false)
                    $0.write(Self.text, "and begun again")
                },
            ]
            for fault in faults {
                let probe = try await TransportProbe()
                let peer = try await connected(probe)
                fault(peer)
                #expect(peer.read().opcode == 0x80 | Self.close)
                #expect(peer.socket.isClosedByPeer)
                guard case .closed = await probe.next() else {
                    Issue.record("the connection is not reported closed")
                    return
                }
                await probe.close()
            }
        }

        @Test func aConnectionThatIsClosedSaysGoodbye() async throws {
            let probe = try await TransportProbe()
            let peer = try await connected(probe)
            peer.write(Self.text, SIPTransportsTests.message(1))
            let flow = try tests.received(await probe.next()).flow
            probe.perform(.transmit(Array("bye".utf8), on: flow), .close(flow))
            #expect(peer.read() == (0x80 | Self.text, "bye"))
            #expect(peer.read().opcode == 0x80 | Self.close)
            #expect(peer.socket.isClosedByPeer)
            await probe.close()
        }

        @Test func whoNeverFinishesTheHandshakeIsClosed() async throws {
            var limits = TransportLimits()
            limits.messageTime = .milliseconds(100)
            let probe = try await TransportProbe(limits: limits)
            let socket = try BlockingSocket(connectingTo: try await probe.listen(.ws))
            socket.write("GET / HTTP/1.1\r\n")
            #expect(socket.isClosedByPeer)
            await probe.close()
        }
    }
}
