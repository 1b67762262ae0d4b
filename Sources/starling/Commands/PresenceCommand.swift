import ArgumentParser

/// `starling presence`
struct PresenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presence", abstract: "Show what this node knows of a user's presence.",
        subcommands: [PresenceShow.self])
}
