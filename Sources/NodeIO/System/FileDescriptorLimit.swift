import Glibc

/// The number of files and sockets this process may have open.
package enum FileDescriptorLimit {
    /// What is left for connections once files, listeners and outgoing connections have had theirs.
    static var forConnections: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 512 }
        return max(64, Int(clamping: limit.rlim_cur) - 256)
    }

    /// Raises the limit to what the system allows: the usual 1,024 is fewer than a gateway's phones on TCP.
    package static func raise() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
    }
}
