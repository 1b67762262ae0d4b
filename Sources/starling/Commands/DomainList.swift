import ArgumentParser
import NodeIO
import OverlayNode

/// `starling domain list`
struct DomainList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the domains this node belongs to.")

    @OptionGroup var options: SettingsOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        try await CommandDelivery.deliver(.domainList, with: try options.settings()) { reply in
            guard json, case .domains(let domains) = reply else { return Output.line(ReplyText.text(reply)) }
            Output.line(try ControlMessage.json(domains))
        }
    }
}
