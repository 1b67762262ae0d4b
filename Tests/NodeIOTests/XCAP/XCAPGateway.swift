import NodeIO
import OverlayNode
import Primitives
import SIPStack

/// A whole gateway of example.org that serves XCAP on loopback. The passwords of alice and bob are `pw-` and their name.
final class XCAPGateway: Sendable {
    let endpoint: Endpoint
    private let node: RunningNode
    private let directory: TemporaryDirectory

    init() async throws {
        directory = TemporaryDirectory()
        let offline = try OfflineNode(directory.data)
        _ = try offline.perform(.domainCreate(name: "example.org"))
        for user in ["alice", "bob"] {
            _ = try offline.perform(.userAdd(addressOfRecord: "\(user)@example.org", password: "pw-\(user)"))
        }
        try offline.close()
        var configuration = NodeConfiguration(overlay: Endpoint(address: .loopback, port: 0))
        configuration.domains = ["example.org"]
        configuration.isGateway = true
        configuration.sipListeners = [SIPListener(.udp, Endpoint(address: .loopback, port: 0))]
        let listener = XCAPListener(endpoint: Endpoint(address: .loopback, port: 0), root: "http://127.0.0.1/xcap-root")
        node = try await RunningNode.start(
            configuration, in: directory.data, xcap: listener, acceptsCommands: false, observe: { _ in })
        endpoint = node.xcap!
    }

    func stop() async throws {
        node.stop()
        try await node.waitUntilEnded()
    }

    /// A client of a user's, on a connection of its own.
    func client(
        _ user: String = "alice", password: String? = nil, _ algorithm: DigestAlgorithm = .sha256
    ) throws -> XCAPUser {
        let name = user.split(separator: "@").first.map(String.init) ?? user
        return XCAPUser(
            name: user, password: password ?? "pw-\(name)", algorithm: algorithm,
            peer: try HTTPPeer(connectingTo: endpoint))
    }
}
