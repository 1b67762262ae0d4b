import Glibc

/// What this process and this machine had used up at one moment.
struct Usage: Sendable {
    /// A steady clock's seconds.
    let seconds: Double
    /// User and system time of all threads.
    let cpuSeconds: Double
    /// UDP datagrams that left any socket of this network namespace.
    let datagrams: Double

    static func now() -> Usage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return Usage(
            seconds: Self.steadySeconds, cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            datagrams: Self.sentDatagrams)
    }

    static var steadySeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Bytes of this process in memory.
    static var residentBytes: Double {
        let fields = text(of: "/proc/self/statm").split(separator: " ")
        return fields.count > 1 ? (Double(fields[1]) ?? 0) * Double(getpagesize()) : 0
    }

    /// The kernel's two lines for UDP are the names of its counters and their values.
    private static var sentDatagrams: Double {
        let lines = text(of: "/proc/net/snmp").split(separator: "\n").filter { $0.hasPrefix("Udp:") }
        guard lines.count == 2 else { return 0 }
        let names = lines[0].split(separator: " ")
        let values = lines[1].split(separator: " ")
        return names.firstIndex(of: "OutDatagrams").flatMap { Double(values[$0]) } ?? 0
    }

    private static func text(of path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
