import Foundation
import NodeIO
import Primitives
import SIPMessages
import SIPStack
import Testing

extension SIPTransportsTests {
    /// TLS between the servers of two domains: whom each of them believes, and which connection serves both.
    @Suite(.enabled(if: Certificates.isToolThere), .timeLimit(.minutes(1))) struct Peering {
        private let tests = SIPTransportsTests()
        private let message = Array(SIPTransportsTests.message(1, body: "hello").utf8)

        /// Two servers, one of which listens and shows `names`; the other one is one.example and believes `trusted`.
        private struct Pair {
            let client: TransportProbe
            let server: TransportProbe
            let endpoint: Endpoint
            private let own: Certificates
            private let others: Certificates

            init(_ names: String, isTrusted: Bool = true, limits: TransportLimits = .init()) async throws {
                own = try await Certificates(names: "URI:sip:one.example")
                others = try await Certificates(names: names)
                let stranger = try await Certificates(names: names)
                client = try await TransportProbe(limits: limits)
                server = try await TransportProbe()
                try await client.peer(own.files, trust: isTrusted ? others.chain : stranger.chain)
                try await server.peer(others.files, trust: own.chain)
                endpoint = try await server.listen(.tls, certificate: others.files)
            }

            func flow(to domain: String?) -> Flow {
                Flow(
                    transport: .tls, local: Endpoint(address: .any, port: 0), remote: .endpoint(endpoint),
                    domain: domain)
            }

            /// What the server says to the tool's own TLS.
            func exchange(_ text: String, options: [String]) async throws -> String {
                try await others.exchange(text, withPort: endpoint.port, options: options)
            }

            func close() async {
                await client.close()
                await server.close()
            }
        }

        @Test func eachProvesToBeItsDomain() async throws {
            let pair = try await Pair("URI:sip:two.example,DNS:host.example")
            pair.client.perform(.transmit(message, on: pair.flow(to: "two.example")))
            let (text, flow) = try tests.received(await pair.server.next())
            #expect(Array(text.utf8) == message)
            // RFC 5922 §7.4: the client has shown its own certificate.
            #expect(flow.domain == "one.example" && flow.connection != 0)
            pair.server.perform(.transmit(Array("SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n".utf8), on: flow))
            let (answer, back) = try tests.received(await pair.client.next())
            #expect(answer.hasPrefix("SIP/2.0 200") && back.domain == "two.example")
            await pair.close()
        }

        /// RFC 5922 §7.3: not a byte of SIP goes to a server that is another one.
        @Test(arguments: [
            ("URI:sip:two.example", "three.example"), ("DNS:*.example", "two.example"),
            ("DNS:two.example", "sip.two.example"), ("URI:sip:bob@two.example,DNS:x.example", "two.example"),
        ])
        func anotherDomainIsNotSpokenTo(names: String, domain: String) async throws {
            let pair = try await Pair(names)
            pair.client.perform(.transmit(message, on: pair.flow(to: domain)))
            guard case .closed(let flow) = await pair.client.next() else {
                Issue.record("the connection stayed")
                return
            }
            #expect(flow.domain == domain)
            guard case .closed = await pair.server.next() else {
                Issue.record("something was said")
                return
            }
            await pair.close()
        }

        @Test func aCertificateOfNobodyKnownIsNotBelieved() async throws {
            let pair = try await Pair("URI:sip:two.example", isTrusted: false)
            pair.client.perform(.transmit(message, on: pair.flow(to: "two.example")))
            guard case .closed = await pair.client.next() else {
                Issue.record("the connection stayed")
                return
            }
            await pair.close()
        }

        /// RFC 5923 §5: what is sent to the port at which the client listens goes back over its connection.
        @Test func anAuthenticatedConnectionServesBothWays() async throws {
            let pair = try await Pair("URI:sip:two.example")
            pair.client.perform(.transmit(message, on: pair.flow(to: "two.example")))
            let (_, flow) = try tests.received(await pair.server.next())
            pair.server.perform(.alias(flow, port: 5061))
            var back = flow
            back.connection = 0
            back.remote = .endpoint(Endpoint(address: .loopback, port: 5061))
            pair.server.perform(.transmit(message, on: back))
            let (text, _) = try tests.received(await pair.client.next())
            #expect(Array(text.utf8) == message)
            // Not for whoever else is at that address; that nobody listens there shows that it is not used.
            back.domain = "three.example"
            pair.server.perform(.transmit(message, on: back))
            guard case .sendFailed(back) = await pair.server.next() else {
                Issue.record("the connection of another domain was used")
                return
            }
            await pair.close()
        }

        /// A phone whose maker has given it a certificate that means nothing here.
        @Test func aStrangersCertificateHarmsNobody() async throws {
            let pair = try await Pair("IP:127.0.0.1")
            let phone = try await Certificates(names: "URI:sip:one.example")
            let options = ["-cert", phone.chain, "-key", phone.key]
            async let answer = pair.exchange(SIPTransportsTests.message(1, body: "from a phone"), options: options)
            let (_, flow) = try tests.received(await pair.server.next())
            #expect(flow.domain == nil)
            pair.server.perform(.transmit(Array("SIP/2.0 200 OK".utf8), on: flow), .close(flow))
            #expect(try await answer == "SIP/2.0 200 OK")
            await pair.close()
        }

        @Test func whoeverDoesNotShakeHandsIsGivenUp() async throws {
            let own = try await Certificates(names: "URI:sip:one.example")
            var limits = TransportLimits()
            limits.connectTime = .milliseconds(200)
            let client = try await TransportProbe(limits: limits)
            try await client.peer(own.files, trust: own.chain)
            // It listens for plain TCP, and waits for a request.
            let server = try await TransportProbe()
            let endpoint = try await server.listen(.tcp)
            let flow = Flow(
                transport: .tls, local: Endpoint(address: .any, port: 0), remote: .endpoint(endpoint),
                domain: "two.example")
            client.perform(.transmit(message, on: flow))
            guard case .closed = await client.next() else {
                Issue.record("the connection stayed")
                return
            }
            await client.close()
            await server.close()
        }

        @Test func openedConnectionsAreBounded() async throws {
            var limits = TransportLimits()
            limits.openedConnections = 1
            let pair = try await Pair("URI:sip:two.example", limits: limits)
            pair.client.perform(.transmit(message, on: pair.flow(to: "two.example")))
            _ = try tests.received(await pair.server.next())
            let other = pair.flow(to: "three.example")
            pair.client.perform(.transmit(message, on: other))
            guard case .sendFailed(other) = await pair.client.next() else {
                Issue.record("a second connection was opened")
                return
            }
            await pair.close()
        }
    }
}
