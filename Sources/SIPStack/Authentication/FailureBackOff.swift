import Primitives

/// Slows the guessing of passwords: by address, by user, and by the pair of both.
///
/// While one of them is held back every attempt gets the answer that a wrong password gets, without being looked at.
struct FailureBackOff: Sendable {
    enum Key: Hashable, Sendable {
        case address(IPAddress)
        case user(String)
        case pair(String, IPAddress)

        /// How many failures pass before the waiting begins: one user at one address mistypes, an address may be a
        /// whole office's, and a user can be attacked from many addresses without being to blame.
        var allowance: Int {
            switch self {
            case .pair: 5
            case .address: 20
            case .user: 50
            }
        }
    }

    private struct Failures: Sendable {
        var count: Int
        var last: Instant
        var heldUntil: Instant
    }

    /// Bounds the table against an attacker with many names and addresses: about 8 MB.
    static let capacity = 32_768
    private static let longest = Interval.seconds(60)
    /// Failures this long ago no longer count.
    private static let memory = Interval.minutes(15)

    private var failures: [Key: Failures] = [:]
    private var order: [Key] = []
    /// Where each user last proved the password: strangers' failures don't lock the owner out there.
    private var provenAt: [String: IPAddress] = [:]

    init() {}

    func isHeld(user: String, from address: IPAddress, at now: Instant) -> Bool {
        let isProven = provenAt[user] == address
        for key in [Key.pair(user, address), .address(address), .user(user)] {
            if case .user = key, isProven { continue }
            if let entry = failures[key], entry.heldUntil > now { return true }
        }
        return false
    }

    mutating func noteFailure(user: String, from address: IPAddress, at now: Instant) {
        for key in [Key.pair(user, address), .address(address), .user(user)] { note(key, at: now) }
    }

    mutating func noteSuccess(user: String, from address: IPAddress) {
        failures[.pair(user, address)] = nil
        if provenAt.count >= Self.capacity { provenAt.removeAll() }
        provenAt[user] = address
    }

    private mutating func note(_ key: Key, at now: Instant) {
        var entry = failures[key] ?? Failures(count: 0, last: now, heldUntil: now)
        if failures[key] == nil {
            if order.count >= Self.capacity { evict() }
            order.append(key)
        }
        if now - entry.last > Self.memory { entry.count = 0 }
        entry.count += 1
        entry.last = now
        if entry.count > key.allowance {
            // Doubles with every failure past the allowance: 1 s, 2 s, 4 s, up to a minute.
            let doublings = min(entry.count - key.allowance - 1, 6)
            entry.heldUntil = now + min(.seconds(1 << doublings), Self.longest)
        }
        failures[key] = entry
    }

    /// Forgets the older half; done once in 16,384 failures, so its cost is nothing for each.
    private mutating func evict() {
        for key in order.prefix(Self.capacity / 2) { failures[key] = nil }
        order.removeFirst(Self.capacity / 2)
    }
}
