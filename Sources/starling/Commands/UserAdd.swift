import ArgumentParser
import NodeIO
import OverlayNode

/// `starling user add`
struct UserAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a user to a domain of this node.",
        discussion: """
            Without --password one is made up. The password is printed, alone on standard output.

            Example:
              starling user add alice@example.org
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("The user's address, as in alice@example.org.", valueName: "address")) var address:
        String
    @Option(
        help: ArgumentHelp(
            "The password; visible to others on this machine while the command runs.", valueName: "password"))
    var password: String?

    func run() async throws {
        let command = Command.userAdd(addressOfRecord: address, password: password)
        try await CommandDelivery.deliver(command, with: try options.settings()) { Output.line(ReplyText.text($0)) }
    }
}
