import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct KnownContactsTests {
    private func known(_ heads: some Sequence<UInt64>, salt: UInt32) -> KnownContacts {
        var known = KnownContacts(salt: salt)
        for head in heads { known.append(head: head) }
        return known
    }

    @Test func thoseThatAreKnownAreRecognised() {
        var random = RandomSource(seed: 3)
        for _ in 0..<100 {
            let heads = (0..<16).map { _ in random.next() }
            let known = known(heads, salt: UInt32(truncatingIfNeeded: random.next()))
            #expect(heads.allSatisfy(known.mayContain(head:)))
        }
        #expect(!KnownContacts.none.mayContain(head: 0))
    }

    @Test func hardlyAnyoneElseIs() {
        var random = RandomSource(seed: 4)
        var mistaken = 0
        for _ in 0..<10_000 {
            let known = known((0..<16).map { _ in random.next() }, salt: UInt32(truncatingIfNeeded: random.next()))
            if known.mayContain(head: random.next()) { mistaken += 1 }
        }
        #expect(mistaken < 12, "2.4 are to be expected")
    }

    /// Nodes around one key share most of the first 64 bits.
    @Test func neighboursAreToldApart() {
        var random = RandomSource(seed: 5)
        var mistaken = 0
        for _ in 0..<10_000 {
            let key = random.next()
            let heads = (0..<17).map { _ in key ^ random.next() >> 40 }
            let known = known(heads.dropLast(), salt: UInt32(truncatingIfNeeded: random.next()))
            if known.mayContain(head: heads[16]) { mistaken += 1 }
        }
        #expect(mistaken < 12, "2.4 are to be expected")
    }

    @Test func aNodeThatPassesForAnotherUnderOneSaltDoesNotUnderTheNext() {
        var random = RandomSource(seed: 6)
        let victim = random.next()
        var double = random.next()
        while !known([double], salt: 1).mayContain(head: victim) { double = random.next() }
        let mistaken = (UInt32(2)..<10_002).filter { known([double], salt: $0).mayContain(head: victim) }
        #expect(mistaken.count < 6, "one in 65,536 is to be expected")
    }

    @Test func anAnswerLeavesOutWhatIsKnown() {
        let network = VirtualNetwork.settled(40, seed: 7)
        let table = network.nodes[0].core.table
        var random = RandomSource(seed: 8)
        let target = Bits256.random(using: &random)
        let all = table.closest(to: target, count: 16)
        let asker = table.closest(to: target, count: 30)[20]
        let heads = all.prefix(10).map { table.contacts.head($0) }
        let answer = table.closest(to: target, excluding: asker, knownAs: known(heads, salt: 9))
        #expect(answer.elements == Array(all.dropFirst(10)))
    }
}
