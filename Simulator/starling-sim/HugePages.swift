import Glibc

/// Memory in pages of 2 MiB.
///
/// A run touches some gigabytes here and there, and with pages of 4 KiB the processor spends much of its time finding
/// out where they lie. The C library asks for large ones only if its tunables say so when the program starts.
enum HugePages {
    private static let tunables = "GLIBC_TUNABLES"

    /// Starts the program again with large pages, unless somebody has chosen the tunables.
    static func adopt() {
        guard getenv(tunables) == nil, let program = realpath("/proc/self/exe", nil) else { return }
        defer { free(program) }
        guard setenv(tunables, "glibc.malloc.hugetlb=1", 1) == 0 else { return }
        // It returns only if it fails, and then the run is merely slower.
        execv(program, CommandLine.unsafeArgv)
    }
}
