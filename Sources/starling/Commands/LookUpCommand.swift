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

            Example:
              starling lookup alice@example.org
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("The user's address, as in alice@example.org.", valueName: "address")) var address:
        String
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        var isKnown = true
        try await CommandDelivery.deliver(.lookUp(addressOfRecord: address), with: try options.settings()) { reply in
            guard case .lookUp(let report) = reply else { return Output.line(ReplyText.text(reply)) }
            isKnown = report.certificate != nil || !report.registrations.isEmpty || report.presence != nil
            Output.line(json ? try ControlMessage.json(report) : ReplyText.text(reply))
        }
        if !isKnown { throw Failure("the overlay knows no \(address)", status: .notFound) }
    }
}
