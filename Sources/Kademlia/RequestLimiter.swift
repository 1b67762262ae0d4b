import Identity
import Primitives

/// Decides which requests are worth their work, before anything is done about them: a token bucket for each node that
/// asks, and one for each address that it asks from.
///
/// As long as all nodes together ask for no more than one alone may, nobody can have asked for too much, and nothing
/// is counted for anybody. So this is two words in a node that is not flooded.
struct RequestLimiter: Sendable {
    /// The buckets, while there is need of them.
    private struct Buckets: Sendable {
        var nodes: TokenBuckets<NodeID>
        var addresses: AddressLimiter
    }

    /// When a bucket of one node's size, from which all took, will be full.
    private var full = Instant(nanoseconds: 0)
    /// None or one: an array keeps it outside this value.
    private var buckets: [Buckets] = []

    /// Whether requests are counted for each node and address.
    var isCounting: Bool { !buckets.isEmpty }

    /// Takes the tokens that a request costs from the buckets of whoever sent it.
    ///
    /// - Returns: false when they do not hold so many, and the request is to be dropped.
    mutating func admits(
        _ tokens: Int, from contact: Contact, limits: KademliaConfiguration, at now: Instant
    ) -> Bool {
        let rate = Self.rate(limits)
        if isCounting, full <= now { buckets = [] }
        if let next = rate.take(tokens, fullAt: full, at: now) {
            full = next
            if buckets.isEmpty { return true }
        }
        if buckets.isEmpty {
            let share = limits.requestSharesOfAddress
            let addresses = AddressLimiter(
                perSecond: limits.requestTokensPerSecond * share, burst: limits.requestTokensAtOnce * share,
                addresses: Self.mostKeys)
            buckets = [Buckets(nodes: TokenBuckets(rate, keys: Self.mostKeys), addresses: addresses)]
        }
        // An address is charged for what its nodes may ask, so that one that floods takes nothing from the others.
        return buckets[0].nodes.take(tokens, for: contact.nodeID, at: now)
            && buckets[0].addresses.take(tokens, for: contact.endpoint.address, at: now)
    }

    /// Whether even the cheapest request of this node would be dropped now.
    func isExhausted(for contact: Contact, at now: Instant) -> Bool {
        guard let buckets = buckets.first, full > now else { return false }
        return !buckets.nodes.has(for: contact.nodeID, at: now)
            || !buckets.addresses.has(for: contact.endpoint.address, at: now)
    }

    /// Gives back what an idle node has no need of.
    mutating func tidy(at now: Instant) { if full <= now { buckets = [] } }

    /// Nodes, and addresses, that are counted for at one time; a hundred bytes each.
    private static let mostKeys = 4_096

    private static func rate(_ limits: KademliaConfiguration) -> TokenRate {
        TokenRate(perSecond: limits.requestTokensPerSecond, burst: limits.requestTokensAtOnce)
    }
}
