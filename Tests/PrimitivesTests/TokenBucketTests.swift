import Testing

@testable import Primitives

@Suite struct TokenBucketTests {
    let start = Instant(secondsSince1970: 1_800_000_000)

    @Test func burstThenRateAndEveryKeyForItself() {
        var buckets = TokenBuckets<Int>(TokenRate(perSecond: 10, burst: 30), keys: 8)
        func take(_ tokens: Int = 1, for key: Int, at now: Instant) -> Bool { buckets.take(tokens, for: key, at: now) }
        let taken = (0..<100).count { _ in buckets.take(for: 1, at: start) }
        #expect(taken == 30)
        #expect(!buckets.has(for: 1, at: start) && buckets.has(30, for: 2, at: start))
        #expect(!take(31, for: 2, at: start))
        let later = (0..<100).count { _ in buckets.take(for: 1, at: start + .seconds(2)) }
        #expect(later == 20)
        #expect(take(3, for: 1, at: start + .milliseconds(2_300)))
        #expect(!take(for: 1, at: start + .milliseconds(2_300)))
    }

    @Test func fullBucketsAreForgottenAndTheFullestMakesRoom() {
        var buckets = TokenBuckets<Int>(TokenRate(perSecond: 1, burst: 10), keys: 3)
        func take(_ tokens: Int = 1, for key: Int, at now: Instant) -> Bool { buckets.take(tokens, for: key, at: now) }
        for key in 1...3 { #expect(take(key * 2, for: key, at: start)) }
        #expect(take(for: 4, at: start))
        #expect(buckets.count == 3)
        #expect(buckets.has(10, for: 1, at: start), "key 1 had used least and was forgotten")
        #expect(!buckets.has(7, for: 2, at: start) && !buckets.has(5, for: 3, at: start))
        #expect(take(for: 5, at: start + .seconds(60)))
        #expect(buckets.count == 1)
    }

    @Test func bucketTellsWhenItHoldsEnough() throws {
        let rate = TokenRate(perSecond: 4, burst: 8)
        let full = try #require(rate.take(8, fullAt: Instant(nanoseconds: 0), at: start))
        #expect(full == start + .seconds(2))
        #expect(rate.take(1, fullAt: full, at: start) == nil)
        #expect(rate.holds(1, fullAt: full) == start + .milliseconds(250))
        #expect(rate.take(1, fullAt: full, at: start + .milliseconds(250)) != nil)
    }

    @Test func addressesShareABucketWithinA64AndLoopbackIsSpared() throws {
        var limiter = AddressLimiter(perSecond: 1, burst: 2, addresses: 8)
        func take(_ tokens: Int = 1, for address: IPAddress) -> Bool { limiter.take(tokens, for: address, at: start) }
        let other = try #require(IPAddress("2001:db8:1:3::1"))
        let loopback = try #require(IPAddress("127.0.0.1"))
        let first = try #require(IPAddress("2001:db8:1:2::1"))
        let second = try #require(IPAddress("2001:db8:1:2:ffff::9"))
        #expect(take(2, for: first))
        #expect(!limiter.has(for: second, at: start))
        #expect(!take(for: second))
        #expect(take(for: other))
        for _ in 0..<10 { #expect(take(for: loopback)) }
    }
}
