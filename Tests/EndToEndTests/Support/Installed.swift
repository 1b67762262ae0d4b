import Foundation

/// Which programs this machine has.
enum Installed {
    static func has(_ program: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
        return path.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }

    /// Whether tests that need `programs` can run. Under continuous integration they always do, and fail where one is
    /// missing; elsewhere they are skipped.
    static func hasAll(_ programs: String...) -> Bool {
        ProcessInfo.processInfo.environment["CI"] != nil || programs.allSatisfy(has)
    }
}
