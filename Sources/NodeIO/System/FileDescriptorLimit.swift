import Glibc

/// The number of files and sockets this process may have open.
package enum FileDescriptorLimit {
    /// Raises the limit to what the system allows: the usual 1,024 is fewer than a gateway's phones on TCP.
    package static func raise() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
    }
}
