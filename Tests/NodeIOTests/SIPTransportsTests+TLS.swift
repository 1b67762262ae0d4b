import Foundation
import NodeIO
import Primitives
import SIPMessages
import SIPStack
import Testing

extension SIPTransportsTests {
    /// SIP over TLS, with certificates made for the test.
    @Suite(.enabled(if: Certificates.isToolThere), .timeLimit(.minutes(1))) struct TLS {
        private let tests = SIPTransportsTests()

        @Test(arguments: ["-tls1_2", "-tls1_3"]) func messagesGoThereAndBack(version: String) async throws {
            let files = try await Certificates()
            let probe = try await TransportProbe()
            let endpoint = try await probe.listen(
                .tls, certificate: CertificateFiles(chain: files.chain, key: files.key))
            async let answer = files.exchange(
                SIPTransportsTests.message(1, body: "secret"), withPort: endpoint.port, options: [version])
            let (text, flow) = try tests.received(await probe.next())
            #expect(text == SIPTransportsTests.message(1, body: "secret"))
            #expect(flow.transport == .tls && flow.local == endpoint && flow.connection != 0)
            probe.perform(.transmit(Array("SIP/2.0 200 OK".utf8), on: flow), .close(flow))
            #expect(try await answer == "SIP/2.0 200 OK")
            await probe.close()
        }

        @Test func whoeverBeginsNoHandshakeIsClosed() async throws {
            let files = try await Certificates()
            var limits = TransportLimits()
            limits.messageTime = .milliseconds(100)
            let probe = try await TransportProbe(limits: limits)
            let endpoint = try await probe.listen(
                .tls, certificate: CertificateFiles(chain: files.chain, key: files.key))
            #expect(try BlockingSocket(connectingTo: endpoint).isClosedByPeer)
            await probe.close()
        }

        @Test func plainSIPIsNotRead() async throws {
            let files = try await Certificates()
            let probe = try await TransportProbe()
            let endpoint = try await probe.listen(
                .tls, certificate: CertificateFiles(chain: files.chain, key: files.key))
            let peer = try BlockingSocket(connectingTo: endpoint)
            peer.write(SIPTransportsTests.message(1))
            guard case .closed = await probe.next() else {
                Issue.record("something was taken for SIP")
                return
            }
            await probe.close()
        }

        @Test func withoutACertificateNothingListens() async throws {
            let probe = try await TransportProbe()
            for transport in [SIPTransport.tls, .wss] {
                await #expect(throws: (any Error).self) { try await probe.listen(transport) }
            }
            await probe.close()
        }

        /// There is nobody to say whose certificate would be right (RFC 5922 §4).
        @Test func aNumericAddressIsNotCalledByTLS() async throws {
            let probe = try await TransportProbe()
            let here = Endpoint(address: .loopback, port: 9)
            for transport in [SIPTransport.tls, .ws, .wss] {
                let flow = Flow(transport: transport, local: here, remote: .endpoint(here))
                probe.perform(.transmit([1], on: flow))
                guard case .sendFailed(flow) = await probe.next() else {
                    Issue.record("\(transport) was used")
                    return
                }
            }
            await probe.close()
        }
    }
}
