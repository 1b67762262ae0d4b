import ArgumentParser

/// `starling-sim list`: the scenarios that come with the program.
struct ListScenarios: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Name the built-in scenarios, each with what it is about.")

    func run() throws {
        let width = BuiltInScenario.all.map(\.name.count).max() ?? 0
        for builtIn in BuiltInScenario.all {
            let about = try builtIn.reading().scenario.about
            let gap = String(repeating: " ", count: width - builtIn.name.count)
            print("\(builtIn.name)\(gap)  \(about)")
        }
    }
}
