import NIOCore
import NodeIO
import Primitives
import SIPMessages
import SIPStack
import Testing
import UserAgent

/// Two user agents that speak to each other straight, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct SIPEndpointTests {
    private struct Agent {
        let endpoint: SIPEndpoint<UserAgent>
        let actions: AsyncStream<UserAgent.Action>
        let uri: SIPURI

        init(_ name: String, _ transport: SIPTransport) async throws {
            let (actions, continuation) = AsyncStream<UserAgent.Action>.makeStream()
            self.actions = actions
            let account = try #require(AddressOfRecord("\(name)@example.org"))
            endpoint = try await SIPEndpoint.start(
                listeners: [SIPListener(transport, Endpoint(address: .loopback, port: 0))],
                report: { continuation.yield($0) },
                makeCore: { listeners in
                    let configuration = UserAgentConfiguration(
                        account: account, password: "", outboundProxy: nil, listeners: listeners,
                        media: Endpoint(address: .loopback, port: 4_000))
                    return UserAgent(configuration: configuration, random: .keyedBySystem())
                })
            let suffix = transport == .tcp ? ";transport=tcp" : ""
            uri = try #require(SIPURI("sip:\(name)@\(endpoint.listeners[0].endpoint)\(suffix)"))
        }

        func next() async -> UserAgent.Action? {
            for await action in actions { return action }
            return nil
        }
    }

    @Test(arguments: [SIPTransport.udp, .tcp]) func messagesAndCallsGoOverRealSockets(transport: SIPTransport)
        async throws
    {
        let alice = try await Agent("alice", transport)
        let bob = try await Agent("bob", transport)
        alice.endpoint.send(.sendMessage(7, to: bob.uri, text: "hello"))
        guard case .messageReceived(let sender, "hello") = await bob.next() else {
            Issue.record("no message came")
            return
        }
        #expect(sender.uri.user == "alice")
        guard case .messageDelivered(7) = await alice.next() else {
            Issue.record("the message was not confirmed")
            return
        }
        alice.endpoint.send(.call(.placed(1), to: bob.uri))
        guard case .incomingCall(let call, _) = await bob.next(), case .ringing(.placed(1)) = await alice.next() else {
            Issue.record("it does not ring")
            return
        }
        bob.endpoint.send(.answer(call))
        guard case .callAnswered(.placed(1), _) = await alice.next(), case .callAnswered(call, _) = await bob.next()
        else {
            Issue.record("the call was not set up")
            return
        }
        alice.endpoint.send(.end(.placed(1)))
        guard case .callEnded(call, _) = await bob.next() else {
            Issue.record("the call did not end")
            return
        }
        await alice.endpoint.stop()
        await bob.endpoint.stop()
    }
}
