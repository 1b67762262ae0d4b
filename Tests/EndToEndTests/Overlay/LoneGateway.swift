import Foundation

/// One gateway of example.org with XCAP, alone in its overlay, that can die and come back. The passwords of its users are
/// `pw-` and their name.
final class LoneGateway {
    /// Where it speaks SIP over UDP and TCP.
    let sip = "127.0.0.1:\(FreePorts.shared.row())"
    private let xcap = "127.0.0.1:\(FreePorts.shared.row())"
    private let overlay = "127.0.0.1:\(FreePorts.shared.row())"
    private let bench: Bench
    private let data: String
    private let options: [String]
    private var program: RunningProgram?
    private var starts = 0

    /// - Parameter options: more of the command `run`.
    static func start(on bench: Bench, users: [String], options: [String] = []) async throws -> LoneGateway {
        let gateway = LoneGateway(bench, options)
        try await gateway.run(["domain", "create", "example.org"])
        for user in users { try await gateway.run(["user", "add", "\(user)@example.org", "--password", "pw-\(user)"]) }
        try await gateway.start()
        return gateway
    }

    private init(_ bench: Bench, _ options: [String]) {
        self.bench = bench
        self.options = options
        data = bench.directory.appending(path: "g").path
    }

    private func run(_ arguments: [String]) async throws {
        try await bench.run(
            Starling.program, arguments + ["--data", data], name: arguments.prefix(3).joined(separator: "-"))
    }

    /// Starts its process, and waits until it answers.
    func start() async throws {
        starts += 1
        program = try bench.start(
            Starling.program,
            [
                "run", "--gateway", "--domain", "example.org", "--sip", "udp:\(sip)", "--sip", "tcp:\(sip)", "--xcap",
                xcap, "--overlay", overlay, "--data", data,
            ] + options, name: "gateway-\(starts)")
        try await eventually("the gateway answers") {
            let status = try bench.start(Starling.program, ["status", "--data", data], name: "status")
            return try await status.ended() == .exited(0)
        }
    }

    /// Ends its process at once, as a power cut would.
    func kill() async throws {
        program?.send(signal: SIGKILL)
        try await program?.ended()
    }

    /// Stores a document of a user's, as any HTTP client does.
    func put(_ document: String, of user: String, at path: String, type: String) async throws {
        let file = try bench.write(document, to: "document-\(UInt32.random(in: 0...UInt32.max))")
        try await bench.run(
            "curl",
            [
                "--silent", "--show-error", "--fail", "--digest", "--user", "\(user):pw-\(user)", "--upload-file",
                file.path,
                "--header", "Content-Type: \(type)",
                "http://\(xcap)/xcap-root/\(path.replacing("USER", with: "sip:\(user)@example.org"))",
            ], name: "curl")
    }

    /// SIPp as a phone of a user's.
    func phone(
        _ user: String, _ script: SIPpScript, transport: String = "udp", name: String? = nil
    ) throws -> SIPp {
        try SIPp(
            script: script, name: name ?? user, rows: [row(user)], transport: transport, from: FreePorts.shared.row(),
            to: sip, on: bench)
    }

    /// The fields of a scenario about a user and their own state.
    func row(_ user: String) -> [String] {
        [user, "example.org", SIPp.credentials(user: user, password: "pw-\(user)")]
    }
}
