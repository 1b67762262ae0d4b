import Foundation

extension RunSummary {
    /// Reads a summary from a file, or from `summary.json` in a folder.
    ///
    /// - Throws: ``Defect`` that names the file.
    init(path: String) throws {
        var isFolder: ObjCBool = false
        var file = URL(fileURLWithPath: path)
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            file.appendPathComponent(ReportFolder.summaryName)
        }
        guard let bytes = try? Data(contentsOf: file) else {
            throw Defect(description: "\(file.path): there is no file that can be read")
        }
        do {
            self = try RunSummary(json: JSONReader.read(String(decoding: bytes, as: UTF8.self)))
        } catch {
            throw Defect(description: "\(file.path): \(error)")
        }
    }
}
