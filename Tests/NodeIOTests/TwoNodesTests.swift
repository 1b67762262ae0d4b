import NodeIO
import OverlayNode
import Primitives
import SIPStack
import Testing

/// Real nodes on loopback, each with its own sockets, directory and event loop.
@Suite(.timeLimit(.minutes(1))) struct TwoNodesTests {
    private func start(
        _ directory: TemporaryDirectory, join: [Endpoint] = [], domains: [String] = [], isGateway: Bool = false
    ) async throws -> RunningNode {
        var configuration = NodeConfiguration(overlay: Endpoint(address: .loopback, port: 0))
        configuration.bootstrap = join
        configuration.domains = domains
        configuration.isGateway = isGateway
        configuration.sipListeners = [
            SIPListener(.udp, Endpoint(address: .loopback, port: 0)),
            SIPListener(.tcp, Endpoint(address: .loopback, port: 0)),
        ]
        return try await RunningNode.start(configuration, in: directory.data, observe: { _ in })
    }

    private func ask(_ node: RunningNode, _ command: Command) async -> Reply? {
        for await reply in node.replies(to: command) { return reply }
        return nil
    }

    private func stop(_ nodes: RunningNode...) async throws {
        for node in nodes { node.stop() }
        for node in nodes { try await node.waitUntilEnded() }
    }

    /// Asks until the answer is right; the suite's time limit ends it when it never is.
    private func status(of node: RunningNode, until isRight: (StatusReport) -> Bool) async throws -> StatusReport {
        while true {
            if case .status(let report) = await ask(node, .status), isRight(report) { return report }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test func twoNodesMeet() async throws {
        let (first, second) = (TemporaryDirectory(), TemporaryDirectory())
        let a = try await start(first)
        let b = try await start(second, join: [a.configuration.overlay])
        #expect(a.configuration.sipListeners.map(\.endpoint.port).allSatisfy { $0 != 0 })
        let atA = try await status(of: a) { $0.contacts == 1 }
        let atB = try await status(of: b) { $0.contacts == 1 }
        #expect(atA.nodeID == a.nodeID.text)
        #expect(atB.nodeID == b.nodeID.text)
        #expect(atA.nodeID != atB.nodeID)
        try await stop(a, b)
    }

    @Test func aDomainIsSharedByInvitation() async throws {
        let (first, second, third) = (TemporaryDirectory(), TemporaryDirectory(), TemporaryDirectory())
        do {
            let offline = try OfflineNode(first.data)
            _ = try offline.perform(.domainCreate(name: "example.org"))
            _ = try offline.perform(.userAdd(addressOfRecord: "alice@example.org", password: "a password"))
            try offline.close()
        }
        let a = try await start(first, domains: ["example.org"], isGateway: true)
        guard case .invitation(let secret, _) = await ask(a, .domainInvite(name: "example.org", validForSeconds: 60))
        else {
            Issue.record("no invitation came")
            return
        }
        let b = try await start(second, join: [a.configuration.overlay])
        let accepted = await ask(b, .accept(invitation: secret))
        guard case .done = accepted, case .domains(let domains) = await ask(b, .domainList) else {
            Issue.record("the invitation was not accepted: \(String(describing: accepted))")
            return
        }
        #expect(domains.map(\.name) == ["example.org"])
        #expect(domains.map(\.isGateway) == [true])
        // The secret works for one node.
        let c = try await start(third, join: [a.configuration.overlay])
        let twice = await ask(c, .accept(invitation: secret))
        guard case .failed = twice else {
            Issue.record("the invitation was accepted twice: \(String(describing: twice))")
            return
        }
        try await stop(a, b, c)
        // And what was accepted is kept.
        let again = try await start(second, domains: ["example.org"], isGateway: true)
        try await stop(again)
    }

    @Test func aNodeKeepsItsIdentityAndNeedsItsDomain() async throws {
        let directory = TemporaryDirectory()
        let first = try await start(directory)
        try await stop(first)
        let second = try await start(directory)
        #expect(second.nodeID == first.nodeID)
        try await stop(second)
        await #expect(throws: NodeConfigurationError.self) { try await start(directory, domains: ["example.org"]) }
        // What could not start has let go of the directory.
        let third = try await start(directory)
        try await stop(third)
    }
}
