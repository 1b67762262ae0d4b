import ArgumentParser
import NodeIO
import OverlayNode

/// `starling domain accept`
struct DomainAccept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Become a gateway of a domain by an invitation.",
        discussion: """
            The node that gave the invitation must run and be reachable. This one need not run: it is started for as \
            long as it takes.

            Example:
              starling domain accept starling-invitation-abc…
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("What `starling domain invite` printed.", valueName: "secret")) var secret: String

    func run() async throws {
        try await CommandDelivery.deliver(.accept(invitation: secret), with: try options.settings()) {
            Output.line(ReplyText.text($0))
        }
    }
}
