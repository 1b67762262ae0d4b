import Foundation

/// Reads the files that a scenario names.
enum DataFile {
    /// A million places as XML are some 100 MB.
    private static let mostBytes = 256 << 20

    /// The bytes of a file; nil when there is none.
    ///
    /// - Parameter folder: where a relative path in a scenario starts from; one given beside it starts from the working
    ///   directory.
    static func read(_ file: NamedFile, from folder: String) throws(ScenarioError) -> [UInt8]? {
        let isWhole = file.path.hasPrefix("/") || file.place.isOverride || folder.isEmpty
        let path = isWhole ? file.path : "\(folder)/\(file.path)"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        guard attributes?[.type] as? FileAttributeType == .typeRegular,
            let size = attributes?[.size] as? Int, size <= mostBytes
        else {
            throw ScenarioError(
                file.place, "\(file.path) is no plain file of at most \(mostBytes >> 20) MiB", remedy: "name another")
        }
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw ScenarioError(
                file.place, "\(file.path) can't be read: \(error.localizedDescription)",
                remedy: "see to its permissions, or name another")
        }
    }
}
