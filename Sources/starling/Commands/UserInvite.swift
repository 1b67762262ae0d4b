import ArgumentParser
import NodeIO
import OverlayNode

/// `starling user invite`
struct UserInvite: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Print a secret by which a node of the user's own can speak for them.",
        discussion: """
            The secret stands alone on standard output. It works once, and only while this node runs: the other one \
            asks it for the user's keys. Hand it over by a private way.

            Example:
              starling user invite carol@example.org
            """)

    @OptionGroup var options: SettingsOptions
    @OptionGroup var validity: ValidityOption
    @Argument(help: ArgumentHelp("The user's address, as in carol@example.org.", valueName: "address")) var address:
        String

    func run() async throws {
        let command = Command.userInvite(addressOfRecord: address, validForSeconds: validity.validFor)
        try await CommandDelivery.deliver(command, with: try options.settings()) { InvitationOutput.write($0) }
    }
}
