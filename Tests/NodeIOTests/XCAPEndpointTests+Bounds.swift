import NIOCore
import NodeIO
import OverlayNode
import Testing

extension XCAPEndpointTests {
    /// What peers can't do, however they try.
    @Suite struct Bounds {
        private func limits(_ set: (inout XCAPEndpointLimits) -> Void) -> XCAPEndpointLimits {
            var limits = XCAPEndpointLimits()
            set(&limits)
            return limits
        }

        @Test func aBodyTooLongIsRefusedBeforeItComes() async throws {
            let probe = try await XCAPProbe()
            let peer = try probe.connect()
            await peer.write(HTTPPeer.request("PUT /xcap-root/a", fields: ["Content-Length: \((512 << 10) + 1)"]))
            let response = await peer.response()
            #expect(response?.status == 413)
            #expect(response?.fields["connection"] == "close")
            #expect(await peer.isClosedByPeer)
            #expect(probe.calls.isEmpty)
        }

        @Test func aBodyThatGrowsTooLongIsRefused() async throws {
            let probe = try await XCAPProbe(limits: limits { $0.body = 10 })
            let peer = try probe.connect()
            await peer.write(
                HTTPPeer.request("PUT /xcap-root/a", fields: ["Transfer-Encoding: chunked"])
                    + "5\r\nabcde\r\n6\r\nabcdef\r\n")
            #expect(await peer.response()?.status == 413)
            #expect(await peer.isClosedByPeer)
            #expect(probe.calls.isEmpty)
        }

        @Test(arguments: [
            "GET /xcap-root/\(String(repeating: "a", count: 17 << 10)) HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /xcap-root/a HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 17 << 10))\r\n\r\n",
            "GET /xcap-root/a HTTP/1.1\r\n\(String(repeating: "A: b\r\n", count: 200))\r\n",
            "BREW /xcap-root/a HTTP/1.1\r\nHost: a\r\n\r\n",
            "INVITE sip:a@example.org SIP/2.0\r\n\r\n",
            "PUT /xcap-root/a HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
            "PUT /xcap-root/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
            "\u{16}\u{3}\u{1}\u{2}\r\n\r\n",
        ])
        func aHeaderThatIsNotOneIsRefused(text: String) async throws {
            let probe = try await XCAPProbe()
            let peer = try probe.connect()
            await peer.write(text)
            #expect(await peer.response()?.status == 400)
            await peer.endWriting()
            #expect(await peer.isClosedByPeer)
            #expect(probe.calls.isEmpty)
        }

        @Test(arguments: ["", "GET /xcap-root/a HTTP/1.1\r\nHost:", "nonsense\r\n\r\n"])
        func whoeverSendsNoRequestIsClosed(text: String)
            async throws
        {
            let probe = try await XCAPProbe(limits: limits { $0.idleTime = .milliseconds(100) })
            let peer = try probe.connect()
            await peer.write(text)
            while !(await peer.isClosedByPeer) {}
            #expect(probe.calls.isEmpty)
        }

        @Test func aKeptConnectionIsClosedWhenItIsIdle() async throws {
            let probe = try await XCAPProbe(limits: limits { $0.idleTime = .milliseconds(100) })
            let peer = try probe.connect()
            #expect(await peer.request("GET /xcap-root/a")?.status == 200)
            #expect(await peer.isClosedByPeer)
        }

        /// Each byte is in time, and the whole is not.
        @Test func aBodyThatTricklesIsCutOff() async throws {
            let probe = try await XCAPProbe(limits: limits { $0.bodyTime = .milliseconds(100) })
            let peer = try probe.connect()
            await peer.write(HTTPPeer.request("PUT /xcap-root/a", fields: ["Content-Length: 1000"]) + "a")
            #expect(await peer.isClosedByPeer)
            #expect(probe.calls.isEmpty)
        }

        @Test func anAnswerThatNobodyFetchesIsCutOff() async throws {
            let limits = limits {
                $0.connections = 1
                $0.sendTime = .milliseconds(100)
            }
            let probe = try await XCAPProbe(limits: limits) { call in
                // More than the system's own buffers hold.
                XCAPAnswer(status: 200, body: Array(repeating: 65, count: call.path == "/long" ? 32 << 20 : 0))
            }
            let peer = try probe.connect()
            await peer.write(HTTPPeer.request("GET /xcap-root/long"))
            // Its place is free again.
            while !(await (try probe.connect()).isServed) {}
            withExtendedLifetime(peer) {}
        }

        @Test func halfABodyIsNoRequest() async throws {
            let probe = try await XCAPProbe()
            let peer = try probe.connect()
            await peer.write(HTTPPeer.request("PUT /xcap-root/a", fields: ["Content-Length: 10"]) + "abc")
            await peer.endWriting()
            _ = await peer.response()
            #expect(await peer.isClosedByPeer)
            #expect(probe.calls.isEmpty)
        }

        @Test(
            arguments: [
                { $0.connections = 2 }, { $0.connectionsFromOneAddress = 2 },
            ] as [@Sendable (inout XCAPEndpointLimits) -> Void])
        func connectionsBeyondTheLimitAreClosed(set: @Sendable (inout XCAPEndpointLimits) -> Void) async throws {
            let probe = try await XCAPProbe(limits: limits(set))
            let peers = [try probe.connect(), try probe.connect()]
            for peer in peers { #expect(await peer.request("GET /xcap-root/a")?.status == 200) }
            #expect(await (try probe.connect()).isClosedByPeer)
            // The place of one that is gone is free again.
            await peers[0].endWriting()
            #expect(await peers[0].isClosedByPeer)
            #expect(await peers[1].request("GET /xcap-root/a")?.status == 200)
            while !(await (try probe.connect()).isServed) {}
        }

        @Test func callsBeyondTheLimitAreToldToComeBack() async throws {
            let gate = Gate()
            let probe = try await XCAPProbe(limits: limits { $0.calls = 1 }) { _ in
                await gate.pass()
                return XCAPAnswer(status: 200)
            }
            let first = try probe.connect()
            await first.write(HTTPPeer.request("GET /xcap-root/a"))
            await gate.whenReached()
            let response = await (try probe.connect()).request("GET /xcap-root/b")
            #expect(response?.status == 503)
            #expect(response?.fields["retry-after"] == "10")
            gate.open()
            #expect(await first.response()?.status == 200)
            #expect(await first.request("GET /xcap-root/c")?.status == 200)
            #expect(probe.calls.map(\.path) == ["/a", "/c"])
        }
    }
}
