import ArgumentParser

/// `starling user`
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Add, list and remove users, and set their passwords.",
        discussion: """
            Users are added at a gateway of their domain; every gateway of the domain knows them soon after. A user \
            can also live on their own machine: `user invite` prints a secret by which `user accept` on a plain node \
            takes over the user's keys.
            """,
        subcommands: [
            UserAdd.self, UserImport.self, UserList.self, UserRemove.self, UserPassword.self, UserInvite.self,
            UserAccept.self,
        ])
}
