import Glibc
import NodeIO

/// A directory of a test's own, removed when the test lets go of it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/starling-test-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
    }

    deinit {
        var names: [String] = []
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
                names.append(String(decoding: bytes, as: UTF8.self))
            }
            closedir(directory)
        }
        for name in names where name != "." && name != ".." { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    var data: DataDirectory { DataDirectory(path) }
}
