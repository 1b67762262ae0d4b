import ArgumentParser

/// `starling domain`
struct DomainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "domain",
        abstract: "Make domains, and share them between gateways.",
        discussion: """
            A domain is a key that signs who its users are. It is made at one gateway; others join it by an \
            invitation, and from then on any of them can serve all its users.
            """,
        subcommands: [DomainCreate.self, DomainList.self, DomainInvite.self, DomainAccept.self])
}
