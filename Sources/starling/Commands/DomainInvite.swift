import ArgumentParser
import NodeIO
import OverlayNode

/// `starling domain invite`
struct DomainInvite: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Print a secret by which another node becomes a gateway of the domain.",
        discussion: """
            The secret stands alone on standard output. It works once, and only while this node runs: the other one \
            asks it for the domain's keys. Whoever has it can become the domain: hand it over by a private way.

            Example:
              starling domain invite example.org --valid-for 3600
            """)

    @OptionGroup var options: SettingsOptions
    @OptionGroup var validity: ValidityOption
    @Argument(help: ArgumentHelp("The domain's name.", valueName: "name")) var name: String

    func run() async throws {
        let command = Command.domainInvite(name: name, validForSeconds: validity.validFor)
        try await CommandDelivery.deliver(command, with: try options.settings()) { InvitationOutput.write($0) }
    }
}
