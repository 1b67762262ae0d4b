/// A token bucket for each of a bounded number of keys.
package struct TokenBuckets<Key: Hashable & Sendable>: Sendable {
    private let rate: TokenRate
    private let capacity: Int
    /// When the bucket of each key will be full; full ones are forgotten.
    private var full = DeadlineQueue<Key>()

    /// - Parameter keys: how many keys are remembered at one time.
    package init(_ rate: TokenRate, keys: Int) {
        self.rate = rate
        capacity = keys
    }

    /// Keys whose buckets are not full, as far as that was noticed.
    package var count: Int { full.count }

    /// Whether the key has so many tokens; none is taken.
    package func has(_ tokens: Int = 1, for key: Key, at now: Instant) -> Bool {
        rate.take(tokens, fullAt: full[key] ?? now, at: now) != nil
    }

    /// Takes tokens from the key's bucket; false, with nothing taken, when there are not so many.
    package mutating func take(_ tokens: Int = 1, for key: Key, at now: Instant) -> Bool {
        while full.popDue(at: now) != nil {}
        guard let next = rate.take(tokens, fullAt: full[key] ?? now, at: now) else { return false }
        // When too many keys are remembered, the one with the fullest bucket loses least.
        if full[key] == nil, full.count >= capacity { _ = full.popDue(at: .distantFuture) }
        full.set(key, to: next)
        return true
    }
}
