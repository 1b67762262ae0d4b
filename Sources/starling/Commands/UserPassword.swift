import ArgumentParser
import NodeIO
import OverlayNode

/// `starling user password`
struct UserPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Give a user a new password.",
        discussion: """
            Without --password one is made up. The password is printed, alone on standard output.

            Example:
              starling user password alice@example.org --password correct-horse
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("The user's address, as in alice@example.org.", valueName: "address")) var address:
        String
    @Option(
        help: ArgumentHelp(
            "The password; visible to others on this machine while the command runs.", valueName: "password"))
    var password: String?

    func run() async throws {
        let command = Command.userPassword(addressOfRecord: address, password: password)
        try await CommandDelivery.deliver(command, with: try options.settings()) { Output.line(ReplyText.text($0)) }
    }
}
