import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct ReachabilityStateTests {
    let now = TestDomain.epoch

    private func endpoint(_ number: UInt32, port: UInt16 = 7_400) -> Endpoint {
        Endpoint(address: IPAddress(v4: 0x0B00_0000 + number), port: port)
    }

    @Test func majorityOfBlocksDecidesWhereTheNodeIs() {
        var reflected = ReflectedEndpoints()
        let (home, away) = (endpoint(1), endpoint(2))
        var moves = reflected.add(home, from: 1)
        #expect(!moves && reflected.endpoint == home, "the first voice is all there is")
        // One block has one voice, however often it speaks.
        for _ in 0..<9 { moves = reflected.add(away, from: 2) || moves }
        #expect(reflected.endpoint == nil && moves)
        moves = reflected.add(home, from: 3) || reflected.add(home, from: 4)
        #expect(reflected.endpoint == home && !moves)
        moves = reflected.add(away, from: 5)
        #expect(!moves)
        moves = reflected.add(away, from: 6)
        #expect(moves, "three of the last five have it elsewhere")
        #expect(reflected.endpoint == away)
    }

    @Test func portsOfATranslatorThatDiffersForEachMakeNoMajority() {
        var reflected = ReflectedEndpoints()
        for voter in UInt16(1)...9 { _ = reflected.add(endpoint(1, port: voter), from: voter) }
        #expect(reflected.endpoint == nil)
    }

    @Test func whoWasSpokenToIsNeverAStranger() {
        var random = RandomSource(seed: 5)
        var spoken = SpokenTo(size: SpokenTo.sizes.lowerBound, since: now)
        let keys = (0..<300).map { _ in random.next() }
        for key in keys { spoken.insert(key) }
        #expect(keys.allSatisfy { spoken.contains($0) })
        let strangers = (0..<1_000).count { _ in !spoken.contains(random.next()) }
        #expect((650...850).contains(strangers), "an idle node's talk leaves most strangers strangers: \(strangers)")
        #expect(!spoken.isCrowded)
        for _ in 0..<600 { spoken.insert(random.next()) }
        #expect(spoken.isCrowded)
        #expect(!spoken.isComplete(at: now + .seconds(299)) && spoken.isComplete(at: now + .seconds(300)))
    }

    @Test func crowdedNotesAreKeptInALargerBookNextTime() {
        var random = RandomSource(seed: 6)
        var state = ReachabilityState(.full)
        var missed: [Int] = []
        for _ in 0..<6 {
            state.record(from: now - SpokenTo.memory)
            for _ in 0..<5_000 { state.spoke(to: random.next()) }
            missed.append((0..<500).count { _ in !state.isProof(random.next(), at: now) })
            state.stopRecording()
        }
        #expect(missed[0] > 450 && missed[5] < 250, "\(missed)")
    }

    @Test func whoWasNamedAndThenSpokenToDecidesNothing() {
        let (first, second, third) = (endpoint(1).fingerprint(), endpoint(2).fingerprint(), endpoint(3).fingerprint())
        var state = ReachabilityState(.unproven)
        state.record(from: now - SpokenTo.memory)
        state.beginAsking(2)
        state.willCall(first)
        state.willCall(second)
        var isOver = state.requestEnded() || state.requestEnded()
        #expect(!isOver)
        state.spoke(to: first)
        #expect(!state.isSettled)
        state.spoke(to: second)
        #expect(state.isSettled)
        var verdict = state.endAsking()
        #expect(verdict == .onlyAcquaintances)
        #expect(state.silences == 0 && state.undecided == 1)
        state.beginAsking(1)
        state.willCall(third)
        verdict = state.endAsking()
        #expect(verdict == .silence && state.silences == 1)
        state.beginAsking(1)
        state.answeredNobody()
        isOver = state.requestEnded()
        verdict = state.endAsking()
        #expect(isOver && verdict == .nobody)
        state.beginAsking(1)
        verdict = state.endAsking()
        #expect(verdict == .unanswered)
    }

    @Test func idleNodePaysLittleMemory() {
        #expect(MemoryLayout<ReachabilityState>.size <= 64)
        #expect(MemoryLayout<ReflectedEndpoints>.size <= 56)
        #expect(MemoryLayout<CallBackLimit>.size == 8)
    }

    @Test func limitsForgetAfterTenSeconds() {
        var limit = CallBackLimit()
        let bounds = CallBackLimit.Bounds(inAll: 5, ofAsker: 3, forTarget: 2)
        func isAdmitted(_ asker: UInt32, _ target: UInt32, at time: Instant) -> Bool {
            limit.admits(asker: asker, target: target, within: bounds, at: time)
        }
        for target in UInt32(1)...3 { #expect(isAdmitted(1, target, at: now)) }
        #expect(!isAdmitted(1, 4, at: now), "enough of this asker")
        #expect(isAdmitted(2, 1, at: now))
        #expect(!isAdmitted(2, 1, at: now), "enough for this target")
        #expect(isAdmitted(2, 2, at: now))
        #expect(!isAdmitted(3, 9, at: now), "enough in all")
        #expect(!isAdmitted(1, 98, at: now + .seconds(9)))
        #expect(isAdmitted(1, 98, at: now + .seconds(10)))
    }
}
