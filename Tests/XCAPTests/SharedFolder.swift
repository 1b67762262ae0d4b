import Foundation

/// Material that lies beside the checkout, or beside the folder that holds several of them, and may be missing.
enum SharedFolder {
    /// The folder `shared/schemas` with the XSDs of the RFCs.
    static let schemas: URL? = {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        for _ in 0..<2 {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent("shared/schemas")
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
        }
        return nil
    }()
}
