import ArgumentParser
import NodeIO
import OverlayNode

/// `starling subscriptions end`
struct SubscriptionsEnd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "end",
        abstract: "End a subscription.",
        discussion: """
            The phone is told, and subscribes anew at once, which mends a lamp that is stuck. With --reject it is \
            told not to try again; rules are what keeps it away for good.

            Example:
              starling subscriptions end 12
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("As `starling subscriptions list` shows it.", valueName: "number")) var number: UInt64
    @Flag(help: "Have the phone stay away.") var reject = false

    func run() async throws {
        let command = Command.subscriptionEnd(number: number, isRejected: reject)
        try await CommandDelivery.deliver(command, with: try options.settings()) { Output.line(ReplyText.text($0)) }
    }
}
