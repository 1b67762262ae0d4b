import ArgumentParser
import NodeIO
import OverlayNode

/// `starling presence show`
struct PresenceShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a user's phones, publications and presence, and who watches and why they may.",
        discussion: """
            Tells what this node knows: what phones published here, what other nodes say, the document that results, \
            and each subscription with the rules that decided about it.

            Example:
              starling presence show alice@example.org
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("The user's address, as in alice@example.org.", valueName: "address")) var address:
        String
    @Flag(help: "Print JSON, documents included.") var json = false

    func run() async throws {
        let command = Command.presenceShow(addressOfRecord: address)
        try await CommandDelivery.deliver(command, with: try options.settings()) { reply in
            guard json, case .presenceShown(let report) = reply else { return Output.line(ReplyText.text(reply)) }
            Output.line(try ControlMessage.json(report))
        }
    }
}
