import Foundation
import Testing

extension EndToEndTests {
    /// SIGTERM ends a gateway within five seconds, with 0, also with somebody registered there.
    @Test(.timeLimit(.minutes(3)), arguments: [SIGTERM, SIGINT])
    func aSignalEndsAGatewayInTime(number: Int32) async throws {
        try await Bench.run { bench in
            let data = bench.directory.appending(path: "g").path
            let port = FreePorts.shared.row()
            try await bench.run(Starling.program, ["domain", "create", "example.org", "--data", data], name: "domain")
            try await bench.run(
                Starling.program, ["user", "add", "alice@example.org", "--password", "secret", "--data", data],
                name: "user")
            let gateway = try bench.start(
                Starling.program,
                [
                    "run", "--gateway", "--domain", "example.org", "--sip", "udp:127.0.0.1:\(port)",
                    "--overlay", "127.0.0.1:\(FreePorts.shared.row())", "--data", data,
                ], name: "gateway")
            try await eventually("the gateway answers") {
                let status = try bench.start(Starling.program, ["status", "--data", data], name: "status")
                return try await status.ended() == .exited(0)
            }
            if Installed.has("sipp") {
                let row = ["alice", "example.org", SIPp.credentials(user: "alice", password: "secret"), "5060"]
                let phone = try SIPp(
                    "register", name: "phone", rows: [row], times: 1, from: FreePorts.shared.row(),
                    to: "127.0.0.1:\(port)", on: bench)
                let count = try await phone.finished()
                guard count.successful == 1 else { throw NeverHappened("the phone did not register") }
            }
            let clock = ContinuousClock()
            let start = clock.now
            gateway.send(signal: number)
            let ending = try await gateway.ended(within: .seconds(20))
            let duration = clock.now - start
            guard ending == .exited(0), duration < .seconds(5) else {
                throw NeverHappened("the gateway ended with \(ending) after \(duration)")
            }
        }
    }

    /// Users are added from a file; those that can't be are named with their line, and the others are there.
    @Test(.timeLimit(.minutes(2)))
    func usersAreImportedFromAFile() async throws {
        try await Bench.run { bench in
            let data = bench.directory.appending(path: "g").path
            try await bench.run(Starling.program, ["domain", "create", "example.org", "--data", data], name: "domain")
            let text =
                "# who is new\n\nalice@example.org correct horse \nbob@example.org\nbob@example.org again\nnobody\n"
            let file = try bench.write(text, to: "users")
            let first = try bench.start(
                Starling.program, ["user", "import", file.path, "--data", data], name: "import")
            let ending = try await first.ended()
            let output = first.output
            guard ending == .exited(1), output.contains("2 users were added, 2 could not be"),
                output.contains("users, line 5: bob@example.org exists"), output.contains("users, line 6: "),
                output.split(separator: "\n").contains(where: { $0.hasPrefix("bob@example.org ") }),
                !output.contains("horse")
            else { throw NeverHappened("it ended with \(ending):\n\(output)") }
            let list = try bench.start(Starling.program, ["user", "list", "--data", data], name: "list")
            guard try await list.ended() == .exited(0), list.output.contains("alice@example.org"),
                list.output.contains("bob@example.org")
            else { throw NeverHappened("the users are not there:\n\(list.output)") }
        }
    }

    /// A file that is wrong keeps a node from starting, and the error names file, line, key and what would be right.
    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            ("gateway: true\nsips: [udp:127.0.0.1:5060]\n", ["2", "sips", "sip"]),
            ("gateway: true\n\nsip: [udp:127.0.0.1:99999]\n", ["3", "sip", "udp:127.0.0.1:5060"]),
            ("gateway: perhaps\n", ["1", "gateway", "true or false"]),
            ("overlay: [1, 2\n", ["YAML"]),
        ])
    func aWrongConfigurationIsNamed(text: String, named: [String]) async throws {
        try await Bench.run { bench in
            let file = try bench.write(text, to: "starling.yaml")
            let program = try bench.start(
                Starling.program,
                ["run", "--config", file.path, "--data", bench.directory.appending(path: "d").path], name: "starling")
            let ending = try await program.ended()
            let output = program.output
            guard case .exited(let status) = ending, status != 0 else {
                throw NeverHappened("it did not fail: \(ending)\n\(output)")
            }
            for word in named + ["starling.yaml"] where !output.contains(word) {
                throw NeverHappened("the error does not name “\(word)”:\n\(output)")
            }
        }
    }
}
