import Primitives

/// Holds a flood from one address back before anything of it is read.
///
/// An address from which somebody proved a password may send more: it can be a whole office. What answers our own
/// requests, and calls to the emergency services, are not for this to stop. An address that is forged is limited like
/// any other, and nothing is held against it for longer than a few seconds.
struct SourceLimiter: Sendable {
    enum Verdict: Hashable, Sendable {
        case admitted
        /// The first of a row that is refused.
        case firstRefused
        case refused
    }

    /// How long an address is proven by a right password: an hour, as registrations last, and a little more.
    static let proofTime = Interval.minutes(70)
    /// One refusal of an address is told in this time.
    static let tellingTime = Interval.minutes(1)
    /// Addresses remembered of either kind; the tables stay below two megabytes.
    static let capacity = 16_384

    private var strangers: AddressLimiter
    private var proven: AddressLimiter
    private var provenUntil: [IPAddress: Instant] = [:]
    private var toldUntil: [IPAddress: Instant] = [:]

    init(_ limits: SourceLimits) {
        strangers = Self.limiter(limits.strangers)
        proven = Self.limiter(limits.proven)
    }

    private static func limiter(_ rate: SourceLimits.Rate) -> AddressLimiter {
        AddressLimiter(perSecond: rate.perSecond, burst: rate.burst, addresses: capacity)
    }

    /// An IPv6 host has all of its /64.
    private static func key(_ address: IPAddress) -> IPAddress {
        address.isV4 ? address : IPAddress(high: address.high, low: 0)
    }

    /// Whether one more message of an address is looked at.
    mutating func judge(_ address: IPAddress, at now: Instant) -> Verdict {
        guard !take(1, for: address, at: now) else { return .admitted }
        let key = Self.key(address)
        if let until = toldUntil[key], until > now { return .refused }
        if toldUntil.count >= Self.capacity { toldUntil.removeAll() }
        toldUntil[key] = now + Self.tellingTime
        return .firstRefused
    }

    /// Takes tokens for what an address causes; false, with nothing taken, when there are not so many.
    mutating func take(_ tokens: Int, for address: IPAddress, at now: Instant) -> Bool {
        let isProven = provenUntil[Self.key(address)].map { $0 > now } ?? false
        return isProven
            ? proven.take(tokens, for: address, at: now) : strangers.take(tokens, for: address, at: now)
    }

    /// Somebody at this address gave the right password.
    mutating func noteProof(from address: IPAddress, at now: Instant) {
        if provenUntil.count >= Self.capacity { provenUntil.removeAll() }
        provenUntil[Self.key(address)] = now + Self.proofTime
    }
}
