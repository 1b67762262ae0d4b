/// What the shards of a simulation tell each other at the end of each window: when each has its next event.
///
/// Unchecked Sendable is sound because each shard writes its own places alone, and the others read them only after the
/// barrier that follows. Two sets alternate, so that nobody overwrites what another has still to read.
final class WindowMeeting: @unchecked Sendable {
    private let barrier: WindowBarrier
    private let parties: Int
    private let times: UnsafeMutablePointer<UInt64>
    /// Places of different shards lie in different cache lines.
    private static let stride = 8

    init(parties: Int, pause: @escaping @Sendable () -> Void) {
        self.parties = parties
        barrier = WindowBarrier(parties: parties, pause: pause)
        times = .allocate(capacity: parties * 2 * Self.stride)
        times.initialize(repeating: .max, count: parties * 2 * Self.stride)
    }

    deinit { times.deallocate() }

    func publish(_ time: UInt64, from shard: Int, _ parity: Int) {
        times[(parity * parties + shard) * Self.stride] = time
    }

    func wait() { barrier.wait() }

    /// The earliest of what all published.
    func earliest(_ parity: Int) -> UInt64 {
        (0..<parties).reduce(UInt64.max) { min($0, times[(parity * parties + $1) * Self.stride]) }
    }
}
