import Foundation

/// The program under test.
enum Starling {
    /// The one that was built together with these tests and lies beside them.
    static let program: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "starling").path
    }()
}
