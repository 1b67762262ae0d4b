import Glibc

/// Files that nobody but their owner may read (mode 0600), by plain system calls.
package enum PrivateFile {
    /// The permission bits of the file at `path` (0600 as `0o600`); nil when there is none.
    package static func mode(of path: String) -> mode_t? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mode & 0o7777
    }

    /// The whole file; nil when there is none.
    ///
    /// - Parameter limit: bytes beyond which the file is refused, so that a wrong path can't fill the memory.
    package static func read(_ path: String, limit: Int = 1 << 20) throws(SystemCallError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw SystemCallError("open", path)
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemCallError("read", path)
            }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            if bytes.count > limit { throw SystemCallError("read", path, code: EFBIG) }
        }
    }

    /// Removes the file, if it is there.
    package static func remove(_ path: String) { unlink(path) }

    /// Writes a new file that is whole or absent even when the machine loses power: a temporary file beside it is
    /// synchronized and linked to the name. Fails with EEXIST when the name is taken.
    package static func create(_ path: String, _ bytes: [UInt8]) throws(SystemCallError) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemCallError("create", temporary) }
        defer {
            close(file)
            unlink(temporary)
        }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { write(file, $0.baseAddress! + written, bytes.count - written) }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemCallError("write", temporary)
            }
            written += count
        }
        guard fsync(file) == 0 else { throw SystemCallError("synchronize", temporary) }
        guard link(temporary, path) == 0 else { throw SystemCallError("create", path) }
    }
}
