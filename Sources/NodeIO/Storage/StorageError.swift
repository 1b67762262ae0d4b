import Glibc
import Primitives

/// Why the data directory can't be used; every case says what would be right.
package enum StorageError: Error, CustomStringConvertible, Equatable {
    case notADirectory(String)
    case directoryOpenToOthers(String, mode: mode_t)
    case keyOpenToOthers(String, mode: mode_t)
    case malformedKey(String)
    /// Another node runs on the directory; its process, where it left its number.
    case inUse(String, process: Int?)
    case writtenByNewerVersion(String)
    case damaged(String, reason: String)

    package var description: String {
        switch self {
        case .notADirectory(let path):
            "\(path) is not a directory: name a directory with --data, or move that file away"
        case .directoryOpenToOthers(let path, let mode):
            "the data directory \(path) may be entered by others (mode \(String(mode, radix: 8))): "
                + "run `chmod 700 \(path)`, or name another with --data"
        case .keyOpenToOthers(let path, let mode):
            "the node's key \(path) may be read by others (mode \(String(mode, radix: 8))): run `chmod 600 \(path)`; "
                + "if somebody may have read it, delete the file and the node gets a new name"
        case .malformedKey(let path):
            "\(path) is not a node's key (one line of 64 hexadecimal digits): restore it from a backup, "
                + "or delete it and the node gets a new name"
        case .inUse(let path, let process):
            "another node\(process.map { " (process \($0))" } ?? "") runs on the data directory \(path): "
                + "stop it, or name another directory with --data"
        case .writtenByNewerVersion(let path):
            "\(path) was written by a newer version of starling: run that version, or name another directory with --data"
        case .damaged(let path, let reason):
            "\(path) can't be read (\(reason)): restore it from a backup, or move it away to begin anew"
        }
    }
}
