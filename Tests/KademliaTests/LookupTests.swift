import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct LookupTests {
    let own = NodeID(bits: Bits256(words: SIMD4(.max, 0, 0, 0)))

    /// A contact at distance `number` from the target 0.
    private func contact(_ number: UInt64, block: UInt32? = nil) -> Contact {
        let id = NodeID(bits: Bits256(words: SIMD4(0, 0, 0, number)))
        let address = IPAddress(v4: (block ?? UInt32(number)) << 8)
        return Contact(key: PublicSigningKey(bits: id.bits), endpoint: Endpoint(address: address, port: 1), nodeID: id)
    }

    private func lookup(_ seeds: [Contact]) -> Lookup {
        Lookup(
            target: Bits256(words: SIMD4()), from: seeds, ownID: own, configuration: KademliaConfiguration())
    }

    private func asked(_ lookup: inout Lookup) -> [UInt64] {
        var asked: [UInt64] = []
        while let contact = lookup.next() { asked.append(contact.nodeID.bits.words[3]) }
        return asked
    }

    @Test func fiveAreAskedAtOnceNearestFirst() {
        var lookup = lookup((1...20).map { contact($0) }.reversed())
        #expect(asked(&lookup) == [1, 2, 3, 4, 5])
        lookup.answered(contact(3).nodeID, closer: [])
        #expect(asked(&lookup) == [6])
        #expect(!lookup.isFinished)
    }

    @Test func slowContactFreesItsSlotAndMayStillAnswer() {
        var lookup = lookup((1...20).map { contact($0) })
        _ = asked(&lookup)
        lookup.slow(contact(1).nodeID)
        #expect(asked(&lookup) == [6])
        lookup.answered(contact(1).nodeID, closer: [contact(100)])
        #expect(lookup.closest == [contact(1)])
        #expect(asked(&lookup).isEmpty, "the slot had been given away")
    }

    @Test func endsWhenTheSixteenClosestHaveAnswered() {
        var lookup = lookup((1...30).map { contact($0) })
        var order: [UInt64] = []
        while let contact = lookup.next() {
            order.append(contact.nodeID.bits.words[3])
            if contact.nodeID.bits.words[3] == 4 {
                lookup.failed(contact.nodeID)
            } else {
                lookup.answered(contact.nodeID, closer: [])
            }
        }
        #expect(order == Array(1...17))
        #expect(lookup.isFinished)
        #expect(lookup.closest.count == 16)
    }

    @Test func waitsForSlowOnesOnlyWhileTooFewHaveAnswered() {
        var few = lookup([contact(1), contact(2)])
        _ = asked(&few)
        few.answered(contact(1).nodeID, closer: [])
        few.slow(contact(2).nodeID)
        #expect(!few.isFinished)
        few.failed(contact(2).nodeID)
        #expect(few.isFinished)
        var many = lookup((1...17).map { contact($0) })
        while let next = many.next() {
            if next == contact(1) { many.slow(next.nodeID) } else { many.answered(next.nodeID, closer: []) }
        }
        #expect(many.isFinished)
    }

    @Test func withoutProgressMoreAreAskedAtOnce() {
        var lookup = lookup((1...40).map { contact($0) })
        _ = asked(&lookup)
        for number in UInt64(1)...4 {
            lookup.answered(contact(number).nodeID, closer: [])
            _ = asked(&lookup)
        }
        lookup.answered(contact(5).nodeID, closer: [])
        #expect(asked(&lookup) == Array(10...16), "the rest of the sixteen closest")
    }

    @Test func shortlistIsBoundedAndOneBlockDoesNotFillIt() {
        var lookup = lookup([contact(1_000)])
        _ = asked(&lookup)
        for round in UInt64(0)..<20 {
            let contacts = (1...16).map { contact(10_000 + round * 16 + $0) }
            lookup.answered(contact(1_000).nodeID, closer: contacts)
            lookup = self.lookup(lookup.candidates.map(\.contact) + contacts)
        }
        #expect(lookup.candidates.count <= Lookup.mostCandidates)
        var besieged = self.lookup([contact(500)])
        _ = besieged.next()
        besieged.answered(contact(500).nodeID, closer: (1...16).map { contact($0, block: 77) })
        #expect(besieged.candidates.count == 1 + KademliaConfiguration().contactsPerPrefix)
    }

    @Test func ownIDAndRepetitionsAreNoCandidates() {
        var lookup = lookup([contact(1), contact(1)])
        _ = lookup.next()
        let me = Contact(key: PublicSigningKey(bits: own.bits), endpoint: contact(9).endpoint, nodeID: own)
        lookup.answered(contact(1).nodeID, closer: [me, contact(1), contact(2)])
        #expect(lookup.candidates.map(\.contact) == [contact(1), contact(2)])
        #expect(lookup.hop(of: contact(2).nodeID) == 2)
    }
}
