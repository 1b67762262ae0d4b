import ArgumentParser
import NodeIO
import OverlayNode

/// `starling user import`
struct UserImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add many users from a file.",
        discussion: """
            Each line of the file is an address, and after a space a password; without one it is made up. Empty lines \
            and lines that begin with # don't count. Passwords that were made up are printed on standard output, in \
            the form of the file. Users that exist stay as they are and are named, like all that can't be added; the \
            others are added all the same.

            Example:
              starling user import subscribers.txt > made-up.txt
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: ArgumentHelp("The file, or - for standard input.", valueName: "file")) var file: String

    func run() async throws {
        let entries = try UserFile.entries(of: file)
        var added = 0
        var failed = 0
        let commands = entries.map { Command.userAdd(addressOfRecord: $0.address, password: $0.password) }
        try CommandDelivery.deliver(each: commands, with: try options.settings()) { index, reply in
            switch reply {
            case .password(let address, let password):
                added += 1
                if entries[index].password == nil { Output.line("\(address) \(password)") }
            case .failed(let reason):
                failed += 1
                Output.error("\(file), line \(entries[index].line): \(reason)")
            default: break
            }
        }
        let users = added == 1 ? "1 user was added" : "\(added) users were added"
        guard failed == 0 else { throw Failure("\(users), \(failed) could not be") }
        Output.errorText(users)
    }
}
