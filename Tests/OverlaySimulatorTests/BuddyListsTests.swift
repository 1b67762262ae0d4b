import OverlaySimulator
import Primitives
import Testing

@Suite struct BuddyListsTests {
    @Test(arguments: [
        (Workload.Buddies.none, 10), (.fixed(20), 1), (.fixed(20), 2), (.fixed(3), 4), (.fixed(20), 15),
        (.fixed(20), 1_000), (.powerLaw(mean: 5, exponent: 2.2), 40), (.powerLaw(mean: 8, exponent: 1.5), 700),
    ])
    func nobodyIsTheirOwnBuddyOrTwiceAndWatchersAreTheOtherWayRound(_ plan: Workload.Buddies, _ users: Int) {
        let lists = BuddyLists(plan, users: users, seed: 1)
        var watchers = [Set<Int>](repeating: [], count: users)
        for user in 0..<users {
            let buddies = lists.buddies(of: user)
            #expect(buddies.count == lists.count(of: user))
            #expect(Set(buddies).count == buddies.count && !buddies.contains(user))
            #expect(buddies.allSatisfy { (0..<users).contains($0) })
            if case .fixed(let count) = plan { #expect(buddies.count == min(count, users - 1)) }
            for buddy in buddies { watchers[buddy].insert(user) }
        }
        for user in 0..<users {
            let found = lists.watchers(of: user)
            #expect(Set(found) == watchers[user] && found.count == watchers[user].count)
            #expect(lists.watcherCount(of: user) == watchers[user].count)
        }
    }

    @Test(arguments: [(20.0, 2.5), (20, 2), (5, 1.5), (1, 3)])
    func aPowerLawHasItsMeanAndItsTail(_ mean: Double, _ exponent: Double) {
        let users = 50_000
        let lists = BuddyLists(.powerLaw(mean: mean, exponent: exponent), users: users, seed: 2)
        var counts = Distribution()
        for user in 0..<users { counts.add(Double(lists.count(of: user))) }
        let sorted = counts.sorted()
        #expect((sorted.mean / mean - 1).magnitude < 0.05)
        #expect(sorted.most <= mean * 50 && sorted.most > mean * 10)
        // Few have many: half have less than the mean.
        #expect(sorted.percentile(0.5) <= mean)
        // The density falls with the exponent: so the share beyond a value, by one less.
        if exponent > 2 {
            let ratio = (1 - sorted.share(upTo: mean * 2)) / (1 - sorted.share(upTo: mean * 4))
            let expected = Elementary.power(2, exponent - 1)
            #expect(ratio > expected * 0.7 && ratio < expected * 1.5)
        }
    }

    @Test func buddiesFollowFromTheSeed() {
        let first = BuddyLists(.fixed(10), users: 1_000, seed: 3)
        let again = BuddyLists(.fixed(10), users: 1_000, seed: 3)
        let other = BuddyLists(.fixed(10), users: 1_000, seed: 4)
        #expect(first.buddies(of: 17) == again.buddies(of: 17))
        #expect(first.buddies(of: 17) != other.buddies(of: 17))
    }

    /// Users of one home must not all watch users of the same homes.
    @Test func neighboursHaveBuddiesElsewhere() {
        let lists = BuddyLists(.fixed(20), users: 10_000, seed: 5)
        let homes = (0..<10).map { user in Set(lists.buddies(of: user * 1_000).map { $0 % 1_000 }) }
        #expect(homes.reduce(Set()) { $0.union($1) }.count > 150)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 16, 17, 1_000, 4_097])
    func aPermutationHasEachNumberOnce(_ count: Int) {
        var random = RandomSource(seed: UInt64(count))
        let permutation = KeyedPermutation(count: count, random: &random)
        let numbers = (0..<count).map { permutation($0) }
        #expect(numbers.sorted() == Array(0..<count))
        #expect(numbers.indices.allSatisfy { permutation.place(of: numbers[$0]) == $0 })
        if count > 100 { #expect(zip(numbers, numbers.dropFirst()).filter { $1 == $0 + 1 }.count < 10) }
    }
}
