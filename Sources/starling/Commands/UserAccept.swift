import ArgumentParser
import NodeIO
import OverlayNode

/// `starling user accept`
struct UserAccept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Take over a user by an invitation, so that this node can speak for them.",
        discussion: """
            The node that gave the invitation must run and be reachable. This one need not run: it is started for as \
            long as it takes.

            Example:
              starling user accept starling-invitation-abc…
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("What `starling user invite` printed.", valueName: "secret")) var secret: String

    func run() async throws {
        try await CommandDelivery.deliver(.accept(invitation: secret), with: try options.settings()) {
            Output.line(ReplyText.text($0))
        }
    }
}
