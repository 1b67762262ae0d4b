import ArgumentParser

/// The program: its commands and what its help says of them all.
struct Starling: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "starling",
        abstract: "SIP presence, messages and calls without a server in the middle.",
        discussion: """
            Each node is a member of an overlay that finds users and keeps what is known of them, signed and \
            encrypted. Point a softphone at the node on your machine; or run a gateway, at which ordinary phones \
            register as they would at any SIP server.

            Try it on one machine:
              starling domain create example.org --data a
              starling user add alice@example.org --data a
              starling run --data a --gateway --domain example.org --sip udp:127.0.0.1:5060

            A second gateway of the domain, on another machine:
              starling domain invite example.org          (at the first; prints a secret)
              starling domain accept INVITATION           (at the second)
              starling run --gateway --sip udp:192.0.2.2:5060 --join 192.0.2.1:7065

            Exit codes:
              0  done
              1  failed; the reason stands on standard error
              2  the command line or the configuration file is wrong
              3  no node runs on the data directory, and the command needs one
              4  the user looked up is unknown to the overlay
            """,
        version: version,
        subcommands: [
            RunCommand.self, DomainCommand.self, UserCommand.self, StatusCommand.self, LookUpCommand.self,
            WatchCommand.self, PresenceCommand.self, SubscriptionsCommand.self, DemoCommand.self,
        ])
}
