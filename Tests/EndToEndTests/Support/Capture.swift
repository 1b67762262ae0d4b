import Foundation

/// What goes over the loopback interface to and from some ports, to be dissected by tshark.
struct Capture {
    private let program: RunningProgram
    private let file: URL
    private let ports: [UInt16]
    private let bench: Bench

    /// Whether this machine has tshark and this process may capture.
    static var isPossible: Bool { Installed.has("tshark") && geteuid() == 0 }

    /// - Parameter addresses: as in `127.0.0.1:5060`.
    static func start(of addresses: [String], on bench: Bench) async throws -> Capture {
        let ports = addresses.compactMap { $0.split(separator: ":").last.flatMap { UInt16($0) } }
        let file = bench.directory.appending(path: "capture.pcapng")
        let filter = ports.map { "port \($0)" }.joined(separator: " or ")
        let program = try bench.start("tshark", ["-i", "lo", "-f", filter, "-w", file.path], name: "tshark")
        try await eventually("tshark captures") { program.output.contains("Capturing on") }
        return Capture(program: program, file: file, ports: ports, bench: bench)
    }

    /// Ends the capture.
    ///
    /// - Throws: ``NeverHappened`` when a message can't be dissected as what it claims to be, or when there were fewer SIP
    ///   messages than expected.
    func expectWellFormed(atLeast count: Int) async throws {
        program.send(signal: SIGTERM)
        try await program.ended()
        let messages = try await dissected("sip")
        guard messages.count >= count else { throw NeverHappened("tshark saw \(messages.count) SIP messages") }
        let faults = try await dissected("_ws.malformed || (sip && _ws.expert.severity == error)")
        guard faults.isEmpty else { throw NeverHappened("malformed:\n\(faults.joined(separator: "\n"))") }
    }

    /// A line for each packet that a display filter matches.
    private func dissected(_ filter: String) async throws -> [String] {
        let decoding = ports.flatMap { ["-d", "udp.port==\($0),sip", "-d", "tcp.port==\($0),sip"] }
        let output = try await bench.run(
            "tshark", ["-r", file.path, "-n"] + decoding + ["-Y", filter],
            name: "dissect-\(UInt32.random(in: 0...99_999))")
        // tshark warns of being run as root, on the same output.
        return output.split(whereSeparator: \.isNewline).map(String.init).filter { $0.contains("127.0.0.1") }
    }
}
