import NIOCore
import NodeIO
import OverlayNode
import Primitives
import Testing

extension XCAPEndpointTests {
    /// How an endpoint ends.
    @Suite struct Stopping {
        @Test func aCallUnderWayIsAnswered() async throws {
            let gate = Gate()
            var limits = XCAPEndpointLimits()
            limits.stopTime = .minutes(2)
            let probe = try await XCAPProbe(limits: limits) { _ in
                await gate.pass()
                return XCAPAnswer(status: 200)
            }
            let (idle, busy) = (try probe.connect(), try probe.connect())
            await busy.write(HTTPPeer.request("GET /xcap-root/a"))
            await gate.whenReached()
            let stopped = probe.endpoint.stop()
            #expect(await idle.isClosedByPeer)
            // The port may be somebody else's by now.
            if let late = try? probe.connect() { _ = await late.isServed }
            gate.open()
            #expect(await busy.response()?.status == 200)
            #expect(await busy.isClosedByPeer)
            try await stopped.get()
            #expect(probe.calls.count == 1)
        }

        @Test func aCallThatTakesTooLongIsCutOff() async throws {
            let gate = Gate()
            var limits = XCAPEndpointLimits()
            limits.stopTime = .milliseconds(50)
            let probe = try await XCAPProbe(limits: limits) { _ in
                await gate.pass()
                return XCAPAnswer(status: 200)
            }
            let peer = try probe.connect()
            await peer.write(HTTPPeer.request("GET /xcap-root/a"))
            await gate.whenReached()
            try await probe.endpoint.stop().get()
            #expect(await peer.isClosedByPeer)
            gate.open()
        }

        @Test func aNodeServesXCAPWhileItRuns() async throws {
            let directory = TemporaryDirectory()
            func start(_ xcap: Endpoint) async throws -> RunningNode {
                try await RunningNode.start(
                    NodeConfiguration(overlay: Endpoint(address: .loopback, port: 0)), in: directory.data,
                    xcap: XCAPListener(endpoint: xcap), observe: { _ in })
            }
            let nobody = try DeafPort()
            await #expect(throws: SystemCallError.self) { try await start(nobody.endpoint) }
            let node = try await start(Endpoint(address: .loopback, port: 0))
            let peer = try HTTPPeer(connectingTo: try #require(node.xcap))
            #expect(await peer.request("GET /xcap-root/a")?.status == 404)
            node.stop()
            try await node.waitUntilEnded()
            #expect(await peer.isClosedByPeer)
        }

        @Test func closingEndsAllAtOnce() async throws {
            let probe = try await XCAPProbe()
            let peer = try probe.connect()
            #expect(await peer.request("GET /xcap-root/a")?.status == 200)
            probe.endpoint.close()
            #expect(await peer.isClosedByPeer)
        }
    }
}
