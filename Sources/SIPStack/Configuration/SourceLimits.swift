/// How many messages are taken from one address that nobody vouches for: neither configured as trusted nor loopback.
package struct SourceLimits: Hashable, Sendable {
    /// A token bucket, each message taking one token.
    package struct Rate: Hashable, Sendable {
        package var perSecond: Int
        package var burst: Int

        package init(perSecond: Int, burst: Int) {
            self.perSecond = perSecond
            self.burst = burst
        }
    }

    /// From an address from which nobody has proved a password lately.
    package var strangers = Rate(perSecond: 200, burst: 1_000)
    /// From one from which somebody has: the phones of an office behind one NAT all register after a power cut.
    package var proven = Rate(perSecond: 2_000, burst: 20_000)

    package init() {}
}
