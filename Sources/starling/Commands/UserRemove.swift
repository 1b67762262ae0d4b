import ArgumentParser
import NodeIO
import OverlayNode

/// `starling user remove`
struct UserRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a user: their password stops working at every gateway of the domain.")

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("The user's address, as in alice@example.org.", valueName: "address")) var address:
        String

    func run() async throws {
        try await CommandDelivery.deliver(.userRemove(addressOfRecord: address), with: try options.settings()) {
            Output.line(ReplyText.text($0))
        }
    }
}
