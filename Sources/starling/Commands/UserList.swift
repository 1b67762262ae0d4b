import ArgumentParser
import NodeIO
import OverlayNode

/// `starling user list`
struct UserList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the users this node speaks for.")

    @OptionGroup var options: SettingsOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        try await CommandDelivery.deliver(.userList, with: try options.settings()) { reply in
            guard json, case .users(let users) = reply else { return Output.line(ReplyText.text(reply)) }
            Output.line(try ControlMessage.json(users))
        }
    }
}
