import Foundation

/// The files of this repository as they would be committed.
enum Repository {
    static let root: URL = {
        var url = URL(filePath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url
    }()

    /// Paths relative to the root, sorted: what git tracks and what it would, or all that is no build product where
    /// there is no git, as in an unpacked archive.
    static let files: [String] = (trackedFiles() ?? foundFiles()).sorted()

    static func text(of path: String) -> String? {
        guard let bytes = try? Data(contentsOf: root.appending(path: path)) else { return nil }
        return String(data: bytes, encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// The Swift files under any of `folders`, read.
    static func sources(under folders: [String]) -> [SwiftSource] {
        allSources.filter { source in folders.contains { source.path.hasPrefix($0 + "/") } }
    }

    private static let allSources = files.filter { $0.hasSuffix(".swift") }.compactMap { path in
        text(of: path).map { SwiftSource(path: path, text: $0) }
    }

    private static func trackedFiles() -> [String]? {
        guard exists(".git") else { return nil }
        let git = Process()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        git.currentDirectoryURL = root
        let output = Pipe()
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        guard (try? git.run()) != nil else { return nil }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        guard git.terminationStatus == 0 else { return nil }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.filter(exists)
    }

    private static func foundFiles() -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: root.path) else { return [] }
        var found: [String] = []
        while let path = walk.nextObject() as? String {
            let isHidden = path.hasPrefix(".") && ![".ci", ".swift-format", ".gitignore"].contains(path)
            if isHidden && !path.contains("/") {
                walk.skipDescendants()
            } else if walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                found.append(path)
            }
        }
        return found
    }
}
