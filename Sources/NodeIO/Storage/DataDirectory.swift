import Glibc

/// The directory in which a node keeps all that it must remember; for its owner alone (mode 0700).
package struct DataDirectory: Sendable {
    /// Its path, without a slash at the end.
    package let path: String

    package init(_ path: String) {
        var path = path
        if path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") {
            path = String(cString: home) + path.dropFirst(1)
        }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    /// Where a node keeps its data unless told otherwise: `$XDG_DATA_HOME/starling`, or
    /// `~/.local/share/starling` (XDG Base Directory Specification).
    package static var standard: DataDirectory {
        let variable = { (name: String) in getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } }
        if let base = variable("XDG_DATA_HOME"), base.hasPrefix("/") { return DataDirectory(base + "/starling") }
        return DataDirectory((variable("HOME") ?? "") + "/.local/share/starling")
    }

    package var journalPath: String { path + "/journal.sqlite" }
    package var nodeKeyPath: String { path + "/node.key" }
    package var addressPath: String { path + "/address" }
    package var lockPath: String { path + "/lock" }
    /// The certificate that a gateway makes for itself, and its key.
    package var certificatePath: String { path + "/sip-certificate.pem" }
    package var certificateKeyPath: String { path + "/sip-key.pem" }
    package var controlSocketPath: String { path + "/control.sock" }

    /// True when a node has kept something here before.
    package var isInUse: Bool { access(nodeKeyPath, F_OK) == 0 }

    /// Makes the directory, with those above it, unless it is there.
    ///
    /// An empty directory of this user is closed to others; one with something in it that others may enter is
    /// refused rather than changed, since it may be the wrong one.
    package func prepare() throws {
        var status = stat()
        if stat(path, &status) != 0 {
            guard errno == ENOENT else { throw SystemCallError("look into the data directory", path) }
            try makeParents()
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw SystemCallError("create the data directory", path)
            }
            guard stat(path, &status) == 0 else { throw SystemCallError("look into the data directory", path) }
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw StorageError.notADirectory(path) }
        guard status.st_mode & 0o077 != 0 else { return }
        guard isEmpty, chmod(path, 0o700) == 0 else {
            throw StorageError.directoryOpenToOthers(path, mode: status.st_mode & 0o777)
        }
    }

    private var isEmpty: Bool {
        guard let directory = opendir(path) else { return false }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let isDots = withUnsafeBytes(of: entry.pointee.d_name) { name in
                name[0] == UInt8(ascii: ".") && (name[1] == 0 || name[1] == UInt8(ascii: ".") && name[2] == 0)
            }
            if !isDots { return false }
        }
        return true
    }

    private func makeParents() throws(SystemCallError) {
        for (offset, byte) in path.utf8.enumerated() where byte == UInt8(ascii: "/") && offset > 0 {
            let parent = String(path.utf8.prefix(offset))!
            guard mkdir(parent, 0o755) == 0 || errno == EEXIST || access(parent, F_OK) == 0 else {
                throw SystemCallError("create the directory", parent)
            }
        }
    }
}
