import Primitives

/// A token bucket for each address, kept as the time when it will be full again (the generic cell rate algorithm).
///
/// An IPv6 address counts as its /64, since whoever has one has all of them. Loopback is not limited: many nodes of
/// one machine share it, and it is not reachable from outside.
struct AddressLimiter: Sendable {
    private let cost: Interval
    private let burst: Interval
    private let capacity: Int
    private var full = DeadlineQueue<IPAddress>()

    init(perSecond: Int, burst: Int, addresses: Int) {
        cost = Interval(nanoseconds: 1_000_000_000 / Int64(perSecond))
        self.burst = Interval(nanoseconds: cost.nanoseconds * Int64(burst))
        capacity = addresses
    }

    /// Takes a token for the address; false when there is none.
    mutating func take(_ address: IPAddress, at now: Instant) -> Bool {
        guard !address.isLoopback else { return true }
        let key = address.isV4 ? address : IPAddress(high: address.high, low: 0)
        while full.popDue(at: now) != nil {}
        let next = max(full[key] ?? now, now) + cost
        guard next - now <= burst else { return false }
        // When too many addresses are remembered, the one with the fullest bucket loses least.
        if full[key] == nil, full.count >= capacity { _ = full.popDue(at: .distantFuture) }
        full.set(key, to: next)
        return true
    }
}
