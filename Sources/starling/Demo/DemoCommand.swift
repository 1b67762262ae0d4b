import ArgumentParser

/// `starling demo`
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Tell a story with phones of its own on a local overlay.",
        discussion: """
            scripts/local-overlay.sh has started the overlay; `make demo` does both. Alice registers at gateway A, bob \
            at gateway B and carol at a plain node's local proxy, over SIP on UDP with their passwords. They publish, \
            watch, message and call each other, until gateway A is killed and alice comes back through the other.

            Each step is told with the time it took. The exit code is 0 when all went well; else what was expected \
            and what was seen stand on standard error, and the overlay is left as it is.
            """)

    @Option(
        help: ArgumentHelp(
            "Where scripts/local-overlay.sh keeps the overlay that it started.", valueName: "directory"))
    var overlayDirectory: String

    func run() async throws {
        let began = ContinuousClock.now
        var story = try await DemoStory(try OverlayDescription(in: overlayDirectory))
        do {
            try await story.run { name, duration, seen in
                let time = "\(Milliseconds(duration)) ms"
                let padding = String(repeating: " ", count: max(0, 9 - time.count))
                Output.write("\(padding)\(time)  \(Output.padded(name, 20))  \(seen)\n", to: 1)
            }
        } catch let failure as DemoFailure {
            let lines =
                ["step \"\(story.name)\" failed after \(Milliseconds(.now - story.began)) ms"]
                + ["expected: \(failure.expected)"] + failure.seen.map { "seen: \($0)" } + ["see \(failure.log)"]
            throw Failure(lines.joined(separator: "\n"))
        }
        Output.write("The story took \(Milliseconds(.now - began)) ms.\n", to: 1)
    }
}
