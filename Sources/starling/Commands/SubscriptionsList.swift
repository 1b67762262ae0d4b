import ArgumentParser
import NodeIO
import OverlayNode

/// `starling subscriptions list`
struct SubscriptionsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List subscriptions at this node: of everybody, or to and of one user.",
        discussion: """
            Example:
              starling subscriptions list alice@example.org
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("The user's address, as in alice@example.org.", valueName: "address")) var address:
        String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let command = Command.subscriptionList(addressOfRecord: address)
        try await CommandDelivery.deliver(command, with: try options.settings()) { reply in
            guard json, case .subscriptions(let report) = reply else { return Output.line(ReplyText.text(reply)) }
            Output.line(try ControlMessage.json(report))
        }
    }
}
