import ArgumentParser
import NodeIO
import OverlayNode

/// `starling status`
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell how the running node is doing.",
        discussion: """
            Example:
              starling status --json
            """)

    @OptionGroup var options: SettingsOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        try await CommandDelivery.deliver(.status, with: try options.settings()) { reply in
            guard json, case .status(let status) = reply else { return Output.line(ReplyText.text(reply)) }
            Output.line(try ControlMessage.json(status))
        }
    }
}
