import ArgumentParser
import NodeIO
import OverlayNode

/// `starling watch`
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Tell a user's presence now and at every change, until Ctrl-C.",
        discussion: """
            Example:
              starling watch alice@example.org
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("The user's address, as in alice@example.org.", valueName: "address")) var address:
        String
    @Flag(help: "Print each state as JSON on several lines.") var json = false

    func run() async throws {
        try await CommandDelivery.deliver(.watch(addressOfRecord: address), with: try options.settings()) { reply in
            if json, case .presence(let report) = reply {
                Output.line(try ControlMessage.json(report))
            } else {
                Output.line("\(Output.timeOfDay())  \(ReplyText.text(reply))")
            }
        }
    }
}
