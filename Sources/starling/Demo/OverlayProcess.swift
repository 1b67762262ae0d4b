import Glibc

/// A process of the local overlay, known by its number alone.
struct OverlayProcess {
    let number: pid_t

    init(_ number: pid_t) { self.number = number }

    /// Whether it runs this very program: a number may belong to another one by now.
    var isStarling: Bool {
        guard let own = Self.executable(of: "self") else { return false }
        return Self.executable(of: "\(number)") == own
    }

    /// False for a process that has ended, even when nobody has collected its status yet.
    var isAlive: Bool { Self.executable(of: "\(number)") != nil }

    /// Ends it without giving it a chance to say good-bye.
    func kill() { _ = Glibc.kill(number, SIGKILL) }

    private static func executable(of process: String) -> String? {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/\(process)/exe", &path, path.count)
        guard count > 0 else { return nil }
        return String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
