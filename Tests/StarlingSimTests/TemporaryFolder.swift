import Foundation

/// A folder with files in it that goes away with the value.
final class TemporaryFolder {
    let path = FileManager.default.temporaryDirectory.appending(path: "starling-sim-\(UUID().uuidString)").path

    init(_ files: [String: String]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)")) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
