import ArgumentParser

/// `starling subscriptions`
struct SubscriptionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscriptions", abstract: "List subscriptions at this node, and end one.",
        subcommands: [SubscriptionsList.self, SubscriptionsEnd.self], defaultSubcommand: SubscriptionsList.self)
}
