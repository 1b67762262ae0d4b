import Foundation
import Testing

extension EndToEndTests {
    /// `make demo`: every step of the story comes about, with a gateway killed in the middle of it.
    @Test(.timeLimit(.minutes(3))) func theStoryIsToldToItsEnd() async throws {
        try await Bench.run { bench in
            var environment = ["STARLING": Starling.program, "TMPDIR": "/tmp"]
            for letter in ["A", "B", "C"] { environment["SIP_PORT_\(letter)"] = "\(FreePorts.shared.row())" }
            for letter in ["A", "B", "C", "D"] { environment["OVERLAY_PORT_\(letter)"] = "\(FreePorts.shared.row())" }
            let output = try await bench.run(
                Repository.root.appending(path: "scripts/demo.sh").path, [], name: "demo", environment: environment,
                within: .seconds(150))
            let steps = [
                "register", "publish", "watch each other", "presence changes", "message", "call alice to bob",
                "call bob to carol", "gateway A is killed", "alice comes back", "message to alice", "good-bye",
            ]
            let told = output.split(separator: "\n").filter { $0.contains(" ms  ") }
            guard told.count == steps.count, zip(told, steps).allSatisfy({ $0.contains(" ms  \($1) ") }) else {
                throw NeverHappened("the story is another:\n\(output)")
            }
        }
    }

    /// A step that fails says what was expected, what was seen and where to look, and the exit code is 1.
    @Test(.timeLimit(.minutes(3))) func aStoryThatGoesWrongSaysWhere() async throws {
        try await Bench.run { bench in
            let overlay = try await LocalOverlay.start(on: bench)
            let file = bench.directory.appending(path: "o/overlay.json")
            let password = try overlay.account("bob", at: .gatewayB).password
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            try Data(text.replacing(password, with: "wrong").utf8).write(to: file)
            let demo = try bench.start(
                Starling.program, ["demo", "--overlay-directory", file.deletingLastPathComponent().path], name: "demo")
            let ending = try await demo.ended()
            let words = ["step \"register\" failed", "expected: bob registers at", "401", "gateway-b.log"]
            guard ending == .exited(1), words.allSatisfy({ demo.output.contains($0) }) else {
                throw NeverHappened("the failure is told otherwise (\(ending)):\n\(demo.output)")
            }
        }
    }
}
