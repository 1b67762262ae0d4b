import Primitives

/// Which nonce counts have been seen, so that no response is taken twice.
///
/// RFC 7616 §3.4: the nonce count lets a server detect replays. Counts may overtake each other on the way,
/// hence a window behind the highest. Nonces that were never used successfully take no room.
struct NonceUses: Sendable {
    /// A nonce, by what distinguishes it from all others of the same key.
    struct Key: Hashable, Sendable {
        var issued: Instant
        var serial: UInt32
    }

    private struct Use: Sendable {
        var highest: UInt32
        /// Bit n says that `highest - n` has been seen.
        var window: UInt64
    }

    /// 65,536 nonces in use at about 60 bytes each; beyond that the oldest become stale and are replaced by new ones.
    static let capacity = 65_536

    private var uses: [Key: Use] = [:]
    private var order: [Key] = []
    private var first = 0
    /// Nonces issued up to here whose uses are no longer known can't be trusted to be fresh.
    private var forgottenUntil = Instant(nanoseconds: 0)

    init() {}

    var count: Int { uses.count }

    /// Notes a use.
    ///
    /// - Parameter nonceCount: nil for a client that sends none (RFC 2069), to whom a nonce serves once.
    /// - Returns: false for a replay, or when it can't be excluded: the client needs another nonce.
    mutating func note(_ key: Key, nonceCount: UInt32?) -> Bool {
        guard var use = uses[key] else {
            guard key.issued > forgottenUntil else { return false }
            makeRoom()
            uses[key] = Use(highest: nonceCount ?? .max, window: 1)
            order.append(key)
            return true
        }
        guard let nonceCount else { return false }
        if nonceCount > use.highest {
            let step = nonceCount - use.highest
            use.window = step < 64 ? use.window << UInt64(step) | 1 : 1
            use.highest = nonceCount
        } else {
            let behind = use.highest - nonceCount
            guard behind < 64, use.window & (1 << UInt64(behind)) == 0 else { return false }
            use.window |= 1 << UInt64(behind)
        }
        uses[key] = use
        return true
    }

    private mutating func makeRoom() {
        guard uses.count >= Self.capacity else { return }
        let oldest = order[first]
        first += 1
        uses[oldest] = nil
        forgottenUntil = max(forgottenUntil, oldest.issued)
        if first > Self.capacity {
            order.removeFirst(first)
            first = 0
        }
    }
}
