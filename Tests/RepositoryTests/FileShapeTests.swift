import Testing

/// How long files and functions may be, and what a file is called.
struct FileShapeTests {
    private static let folders = ["Sources", "Simulator", "Tests", "Benchmarks"]
    private static let longestFile = 600
    private static let longestFunction = 70

    @Test func noFileIsTooLong() {
        for source in Repository.sources(under: Self.folders) where source.lineCount > Self.longestFile {
            Issue.record("\(source.path): \(source.lineCount) lines, at most \(Self.longestFile)")
        }
    }

    @Test func noFunctionIsTooLong() {
        for source in Repository.sources(under: Self.folders) {
            for function in source.functions where function.lineCount > Self.longestFunction {
                Issue.record(
                    "\(source.path):\(function.line): \(function.name) has \(function.lineCount) lines, at most 70")
            }
        }
    }

    /// `Lookup.swift` declares Lookup; `Lookup+Replies.swift` extends it and declares nothing that others see.
    @Test func aFileBearsTheNameOfItsOneType() {
        for source in Repository.sources(under: ["Sources", "Simulator"]) {
            let file = source.path.split(separator: "/").last?.dropLast(".swift".count) ?? ""
            let subject = file.split(separator: "+").first.map(String.init) ?? ""
            let isTopic = file.contains("+")
            for (index, type) in source.topLevelTypes.enumerated() where isTopic || index > 0 || type.name != subject {
                Issue.record("\(source.path):\(type.line): \(type.name) belongs into a file \(type.name).swift")
            }
        }
    }
}
