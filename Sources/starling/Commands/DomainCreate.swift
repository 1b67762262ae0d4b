import ArgumentParser
import NodeIO
import OverlayNode

/// `starling domain create`
struct DomainCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a domain, with a new key.",
        discussion: """
            Example:
              starling domain create example.org
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("The domain's name, as in example.org.", valueName: "name")) var name: String

    func run() async throws {
        try await CommandDelivery.deliver(.domainCreate(name: name), with: try options.settings()) {
            Output.line(ReplyText.text($0))
        }
    }
}
