import Glibc

/// A file of users to add: on each line an address, and perhaps a password.
enum UserFile {
    struct Entry: Equatable {
        /// As in `alice@example.org`; whether it is one is for the node to say.
        var address: String
        /// All that follows the address; nil for one that is to be made up.
        var password: String?
        /// The first line is 1.
        var line: Int
    }

    /// - Throws: ``Failure`` when the file can't be read.
    static func entries(of path: String) throws -> [Entry] {
        guard let file = fopen(path == "-" ? "/dev/stdin" : path, "r") else {
            throw Failure("can't read \(path): \(String(cString: strerror(errno)))", status: .wrongUsage)
        }
        defer { fclose(file) }
        var entries: [Entry] = []
        var number = 0
        while let line = readLine(from: file) {
            number += 1
            guard let entry = entry(line, number: number) else { continue }
            entries.append(entry)
        }
        guard ferror(file) == 0 else {
            throw Failure("can't read \(path): \(String(cString: strerror(errno)))", status: .wrongUsage)
        }
        return entries
    }

    private static func readLine(from file: UnsafeMutablePointer<FILE>) -> String? {
        var buffer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        // getline makes the buffer, also when there is no line.
        defer { free(buffer) }
        guard getline(&buffer, &capacity, file) >= 0, let buffer else { return nil }
        return String(cString: buffer)
    }

    /// - Returns: nil for a line that names nobody.
    private static func entry(_ line: String, number: Int) -> Entry? {
        let parts = line.trimmed().split(maxSplits: 1, whereSeparator: \.isWhitespace)
        guard let address = parts.first, !address.hasPrefix("#") else { return nil }
        return Entry(address: String(address), password: parts.count > 1 ? parts[1].trimmed() : nil, line: number)
    }
}

extension StringProtocol {
    fileprivate func trimmed() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
