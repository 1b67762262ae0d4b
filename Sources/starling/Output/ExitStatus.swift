/// With what the program ends; the same list stands in `starling --help` and docs/cli.md.
enum ExitStatus: CInt {
    case done = 0
    /// The reason stands on standard error.
    case failed = 1
    /// The command line or the configuration file is wrong.
    case wrongUsage = 2
    /// The command speaks to a running node, and none runs on the data directory.
    case noNode = 3
    /// The user looked up is unknown to the overlay.
    case notFound = 4
}
