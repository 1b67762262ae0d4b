/// A token bucket for each address.
///
/// An IPv6 address counts as its /64, since whoever has one has all of them. Loopback is not limited: many nodes of
/// one machine share it, and it is not reachable from outside.
package struct AddressLimiter: Sendable {
    private var buckets: TokenBuckets<IPAddress>

    /// - Parameter addresses: how many addresses are remembered at one time.
    package init(perSecond: Int, burst: Int, addresses: Int) {
        buckets = TokenBuckets(TokenRate(perSecond: perSecond, burst: burst), keys: addresses)
    }

    /// Whether the address has so many tokens; none is taken.
    package func has(_ tokens: Int = 1, for address: IPAddress, at now: Instant) -> Bool {
        address.isLoopback || buckets.has(tokens, for: Self.key(address), at: now)
    }

    /// Takes tokens for the address; false, with nothing taken, when there are not so many.
    package mutating func take(_ tokens: Int = 1, for address: IPAddress, at now: Instant) -> Bool {
        address.isLoopback || buckets.take(tokens, for: Self.key(address), at: now)
    }

    private static func key(_ address: IPAddress) -> IPAddress {
        address.isV4 ? address : IPAddress(high: address.high, low: 0)
    }
}
