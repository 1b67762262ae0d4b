import Foundation
import Testing

/// The local overlay that `make run` starts, on ports of its own: gateways A and B, node C with a local proxy, node D.
struct LocalOverlay {
    /// A node, under the name it has in scripts/local-overlay.sh.
    enum Node: String, CaseIterable {
        case gatewayA = "gateway-a"
        case gatewayB = "gateway-b"
        case nodeC = "node-c"
        case nodeD = "node-d"
    }

    static let domain = "example.org"

    private let bench: Bench
    private let directory: URL
    private let description: Description

    /// Starts it and waits until all four nodes run. The bench ends it.
    /// - Parameter users: users besides alice, bob and carol: name and password.
    static func start(on bench: Bench, users: [(String, String)] = []) async throws -> LocalOverlay {
        let directory = bench.directory.appending(path: "o")
        var environment = ["OVERLAY_DIRECTORY": directory.path, "STARLING": Starling.program]
        for letter in ["A", "B", "C"] { environment["SIP_PORT_\(letter)"] = "\(FreePorts.shared.row(of: 2))" }
        for letter in ["A", "B", "C", "D"] { environment["OVERLAY_PORT_\(letter)"] = "\(FreePorts.shared.row())" }
        if !users.isEmpty {
            let lines = users.map { "\($0)@\(domain) \($1)\n" }.joined()
            environment["USERS"] = try bench.write(lines, to: "users").path
        }
        let script = Repository.root.appending(path: "scripts/local-overlay.sh").path
        bench.atEnd { [environment] in
            try await bench.run(script, ["stop"], name: "overlay-stop", environment: environment)
        }
        for node in Node.allCases { bench.showOnFailure(directory.appending(path: "\(node.rawValue).log")) }
        try await bench.run(
            script, ["start"], name: "overlay-start", environment: environment, within: .seconds(240))
        let bytes = try Data(contentsOf: directory.appending(path: "overlay.json"))
        return LocalOverlay(
            bench: bench, directory: directory, description: try JSONDecoder().decode(Description.self, from: bytes))
    }

    /// The account of alice, bob or carol, to be registered at `node`.
    func account(_ user: String, at node: Node, transport: String = "udp") throws -> PhoneAccount {
        let password = try #require(description.users[user]?.password)
        let isTLS = transport == "tls"
        return PhoneAccount(
            user: user, domain: Self.domain, password: password, server: isTLS ? tls(of: node) : sip(of: node),
            transport: transport, authority: isTLS ? "\(data(of: node))/sip-certificate.pem" : nil)
    }

    /// Where `node` speaks SIP.
    func sip(of node: Node) -> String { description.nodes[node.rawValue]?.sip ?? "" }

    /// Where a gateway speaks SIP over TLS: at the port after that for the rest.
    func tls(of node: Node) -> String {
        let parts = sip(of: node).split(separator: ":")
        return parts.last.flatMap { Int($0) }.map { "\(parts[0]):\($0 + 1)" } ?? ""
    }

    func data(of node: Node) -> String { directory.appending(path: node.rawValue).path }

    /// Ends a node at once, as a power cut would.
    func kill(_ node: Node) throws {
        Foundation.kill(try #require(description.nodes[node.rawValue]?.pid), SIGKILL)
    }

    /// What a command of `starling` prints when asked of `node`; nil when it fails.
    func ask(_ node: Node, _ arguments: String...) async throws -> String? {
        let name = "ask-\(node.rawValue)-\(arguments[0])-\(UInt32.random(in: 0...UInt32.max))"
        let program = try bench.start(
            Starling.program, arguments + ["--data", data(of: node)], name: name)
        let ending = try await program.ended()
        return ending == .exited(0) ? program.output : nil
    }

    /// overlay.json, which the script writes.
    private struct Description: Decodable {
        struct User: Decodable { var password: String }
        struct Node: Decodable {
            var pid: Int32
            var sip: String
        }
        var users: [String: User]
        var nodes: [String: Node]
    }
}
