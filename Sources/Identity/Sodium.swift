import CSodium

/// libsodium, made ready on first use.
enum Sodium {
    /// `sodium_init` chooses the fastest implementations for this processor; it must run once before anything else,
    /// and a failure means that the system can't give random bytes at all.
    private static let initialized: Void = precondition(sodium_init() >= 0, "libsodium does not start")

    /// Every file that calls libsodium calls this first.
    @inline(__always) static func start() { _ = initialized }
}
