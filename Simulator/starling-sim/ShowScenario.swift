import ArgumentParser

/// `starling-sim show NAME`: the file of a built-in scenario, for people to start their own from.
struct ShowScenario: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the file of a built-in scenario.",
        discussion: "`starling-sim show steady > mine.yaml` is a start for a scenario of your own.")

    @Argument(help: "A name that `starling-sim list` shows.")
    var name: String

    func run() throws {
        guard let builtIn = BuiltInScenario.named(name) else { throw ScenarioArgument.unknown(name) }
        print(builtIn.text, terminator: "")
    }
}
