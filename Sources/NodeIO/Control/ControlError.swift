/// Why a command could not be given to a node.
package enum ControlError: Error, CustomStringConvertible, Equatable {
    case pathTooLong(String, longest: Int)
    case tooManyConnections
    case noNode(directory: String)
    case notAnswering(directory: String)
    case connectionLost

    package var description: String {
        switch self {
        case .pathTooLong(let path, let longest):
            "the path of the control socket, \(path), is longer than the \(longest) bytes a Unix socket's may have: "
                + "name a data directory with a shorter path"
        case .tooManyConnections:
            "too many programs speak to the node at once"
        case .noNode(let directory):
            "no node runs on the data directory \(directory): start one with `starling run --data \(directory)`, "
                + "or name the directory of the one that runs with --data"
        case .notAnswering(let directory):
            "a node holds the data directory \(directory) and takes no commands: it is just starting or stopping; "
                + "try again in a moment"
        case .connectionLost:
            "the node stopped before it had answered"
        }
    }
}
