import Foundation

/// The gateway of a domain with one user, in an overlay of its own: it knows other domains by the DNS alone.
struct BorderGateway {
    let domain: String
    let user: String
    let port: UInt16
    private let data: String
    private let password = "open-sesame"
    private let bench: Bench
    private let overlayPort = FreePorts.shared.row()

    /// Makes the domain and its user.
    init(_ domain: String, user: String, on bench: Bench) async throws {
        self.domain = domain
        self.user = user
        self.bench = bench
        data = bench.directory.appending(path: domain).path
        port = FreePorts.shared.row(of: 2)
        try await bench.run(Starling.program, ["domain", "create", domain, "--data", data], name: "create-\(domain)")
        try await bench.run(
            Starling.program, ["user", "add", "\(user)@\(domain)", "--password", password, "--data", data],
            name: "add-\(domain)")
    }

    /// Runs it, with listeners for UDP and TCP at its port and for TLS at the one after it.
    func run(_ arguments: [String], name: String? = nil) async throws -> RunningProgram {
        let program = try bench.start(
            Starling.program,
            [
                "run", "--data", data, "--gateway", "--domain", domain, "--network", domain, "--overlay",
                "127.0.0.1:\(overlayPort)", "--sip", "udp:127.0.0.1:\(port)", "--sip", "tcp:127.0.0.1:\(port)", "--sip",
                "tls:127.0.0.1:\(port + 1)", "--log", "debug",
            ] + arguments, name: name ?? "gateway-\(domain)")
        try await eventually("the gateway of \(domain) runs") { program.output.contains("runs at") }
        return program
    }

    /// Runs it once, so that it makes its certificate.
    func certificate() async throws -> String {
        let program = try await run([], name: "first-\(domain)")
        await program.end(patience: .seconds(10))
        return try String(contentsOfFile: "\(data)/sip-certificate.pem", encoding: .utf8)
    }

    func phone(_ name: String, buddies: [String] = []) throws -> Baresip {
        let account = PhoneAccount(
            user: user, domain: domain, password: password, server: "127.0.0.1:\(port)", transport: "udp")
        return try Baresip(account, name: name, buddies: buddies, on: bench)
    }
}
