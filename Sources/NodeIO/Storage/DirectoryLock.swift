import Glibc

/// Holds a data directory for one process. The system lets go of it however the process ends.
package final class DirectoryLock {
    private var file: CInt

    /// - Throws: ``StorageError/inUse(_:process:)`` when another process holds it.
    package init(_ directory: DataDirectory) throws {
        let path = directory.lockPath
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemCallError("open", path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(file)
            guard code == EWOULDBLOCK else { throw SystemCallError("lock", path, code: code) }
            throw StorageError.inUse(directory.path, process: Self.holder(of: directory))
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(file, 0) == 0, write(file, text, text.count) == text.count else {
            let code = errno
            close(file)
            throw SystemCallError("write", path, code: code)
        }
        self.file = file
    }

    deinit { release() }

    /// Lets another process have the directory.
    package func release() {
        guard file >= 0 else { return }
        close(file)
        file = -1
    }

    /// The number of the process that wrote itself into the lock last.
    private static func holder(of directory: DataDirectory) -> Int? {
        guard let bytes = try? PrivateFile.read(directory.lockPath, limit: 64) else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
    }
}
