import ArgumentParser
import NodeIO
import OverlayNode

/// `starling lookup`
struct LookUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup",
        abstract: "Tell what the overlay knows of a user, and how it was found.",
        discussion: """
            Shows the user's certificate, where they are registered and their presence; and for each lookup its \
            hops, messages and time. Ends with 4 when the user is unknown.

            With --trace each lookup is told step by step: when who was asked, how many leading bits of its ID are \
            those of what is looked for and in which bucket of this node's routing table it belongs, how long it took \
            and what it answered.

            Examples:
              starling lookup alice@example.org
              starling lookup alice@example.org --trace
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("The user's address, as in alice@example.org.", valueName: "address")) var address:
        String
    @Flag(help: "Show every step of the lookups.") var trace = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        var isKnown = true
        let command = Command.lookUp(addressOfRecord: address, isTraced: trace)
        try await CommandDelivery.deliver(command, with: try options.settings()) { reply in
            guard case .lookUp(let report) = reply else { return Output.line(ReplyText.text(reply)) }
            isKnown = report.certificate != nil || !report.registrations.isEmpty || report.presence != nil
            Output.line(json ? try ControlMessage.json(report) : ReplyText.text(reply))
        }
        if !isKnown { throw Failure("the overlay knows no \(address)", status: .notFound) }
    }
}
