import ArgumentParser
import Glibc

/// Where the program begins.
@main
enum Main {
    static func main() async {
        // A reader that went away is seen where something is written to it, and ends nothing else.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try Starling.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            exit(status(of: error))
        }
    }

    /// Tells the person what went wrong.
    ///
    /// - Returns: the exit status for it.
    private static func status(of error: any Error) -> CInt {
        if let failure = error as? Failure {
            for line in failure.message.split(separator: "\n") { Output.error("\(line)") }
            return failure.status.rawValue
        }
        if !isOfArgumentParser(error) {
            for line in "\(error)".split(separator: "\n") { Output.error("\(line)") }
            return ExitStatus.failed.rawValue
        }
        let code = Starling.exitCode(for: error)
        let message = Starling.fullMessage(for: error)
        if code.isSuccess {
            Output.line(message)
            return ExitStatus.done.rawValue
        }
        if !message.isEmpty { Output.errorText(message) }
        return code == .validationFailure ? ExitStatus.wrongUsage.rawValue : code.rawValue
    }

    /// Whether the argument parser knows best how to tell of the error, and with which exit code.
    private static func isOfArgumentParser(_ error: any Error) -> Bool {
        error is ExitCode || error is CleanExit || error is ValidationError
            || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}
