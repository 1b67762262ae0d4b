import Primitives
import SIPStack
import Testing

/// Flows as they stand in stored bindings and in tokens.
@Suite struct FlowCodingTests {
    @Test(arguments: [
        Flow(transport: .udp, local: Endpoint("192.0.2.1:5060")!, remote: .endpoint(Endpoint("192.0.2.2:5060")!)),
        Flow(
            transport: .tcp, local: Endpoint("[2001:db8::1]:5060")!, remote: .endpoint(Endpoint("[2001:db8::2]:9")!),
            connection: 77),
        Flow(
            transport: .tls, local: Endpoint("192.0.2.1:5061")!, remote: .endpoint(Endpoint("192.0.2.2:5061")!),
            domain: "example.org"),
        Flow.overlay(ServerHarness.node),
    ])
    func everyFlowComesBack(_ flow: Flow) throws {
        #expect(try Flow(decoding: flow.encode()) == flow)
    }
}
