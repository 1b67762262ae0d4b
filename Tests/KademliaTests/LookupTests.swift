import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct LookupTests {
    let directory = ContactDirectory(capacity: 10_000, exemptPrefixes: [])
    let own = NodeID(bits: Bits256(words: SIMD4(.max, 0, 0, 0)))

    /// A contact at distance `number` from the target 0.
    private func contact(_ number: UInt64, block: UInt32? = nil) -> ContactHandle {
        let id = NodeID(bits: Bits256(words: SIMD4(0, 0, 0, number)))
        let address = IPAddress(v4: (block ?? UInt32(number)) << 8)
        let contact = Contact(
            key: PublicSigningKey(bits: id.bits), endpoint: Endpoint(address: address, port: 1), nodeID: id)
        return directory.handle(of: contact)!
    }

    private func lookup(_ seeds: [ContactHandle], _ change: (inout Lookup.Plan) -> Void = { _ in }) -> Lookup {
        var plan = Lookup.Plan(
            width: 16, parallelism: 5, firstRequests: 5, contactsPerPrefix: 10, contactsPerNetwork: 1_000)
        change(&plan)
        return Lookup(target: Bits256(words: SIMD4()), from: seeds, ownID: own, contacts: directory, plan: plan)
    }

    private func number(_ contact: ContactHandle) -> UInt64 { directory[contact].nodeID.bits.words[3] }

    private func asked(_ lookup: inout Lookup) -> [UInt64] {
        var asked: [UInt64] = []
        while let contact = lookup.next() { asked.append(number(contact)) }
        return asked
    }

    @Test func fiveAreAskedAtOnceNearestFirst() {
        var lookup = lookup((1...20).map { contact($0) }.reversed())
        #expect(asked(&lookup) == [1, 2, 3, 4, 5])
        lookup.answered(contact(3), closer: ContactList())
        #expect(asked(&lookup) == [6])
        #expect(!lookup.isFinished)
    }

    @Test func ofThoseThatShouldHaveItAFewAreAskedUntilOneHasAnswered() {
        // Heads of distances are compared: whole words lie between these.
        func far(_ number: UInt64) -> ContactHandle {
            let id = NodeID(bits: Bits256(words: SIMD4(number, 0, 0, 0)))
            let address = IPAddress(v4: UInt32(number) << 8)
            let key = PublicSigningKey(bits: id.bits)
            return directory.handle(of: Contact(key: key, endpoint: Endpoint(address: address, port: 1), nodeID: id))!
        }
        func asked(_ lookup: inout Lookup) -> [UInt64] {
            var asked: [UInt64] = []
            while let contact = lookup.next() { asked.append(directory[contact].nodeID.bits.words[0]) }
            return asked
        }
        var lookup = lookup((31...40).map { far($0) }) { plan in
            plan.firstRequests = 2
            plan.reach = Bits256(words: SIMD4(12, 0, 0, 0))
            plan.holdersAtOnce = 3
        }
        #expect(asked(&lookup) == [31, 32])
        lookup.answered(far(31), closer: ContactList((1...15).map { far($0) }))
        #expect(asked(&lookup) == [1, 2, 3])
        lookup.slow(far(2))
        #expect(asked(&lookup) == [4], "another takes the place of one that is slow")
        lookup.answered(far(1), closer: ContactList())
        #expect(asked(&lookup).count > 1, "the one that answered did not have it, and nobody knows who has")
    }

    @Test func noMoreThanSoManyRequestsAreUnderWay() {
        var lookup = lookup((11...30).map { contact($0) }) { $0.mostRequests = 7 }
        #expect(asked(&lookup) == [11, 12, 13, 14, 15])
        lookup.answered(contact(15), closer: ContactList((1...10).map { contact($0) }))
        #expect(asked(&lookup) == [1, 2, 3])
    }

    @Test func liarsAreNotTheWholeOverlay() {
        var lookup = lookup((101...116).map { contact($0) }) { plan in
            plan.firstRequests = 3
            plan.leastSeeds = 5
        }
        #expect(asked(&lookup) == [101, 102, 103])
        // Three liars name sixteen others, who name each other.
        let liars = ContactList((21...36).map { contact($0) })
        for liar in 101...103 { lookup.answered(contact(UInt64(liar)), closer: liars) }
        var order: [UInt64] = []
        while let next = lookup.next() {
            order.append(number(next))
            if number(next) < 100 { lookup.answered(next, closer: liars) }
        }
        #expect(order.suffix(2) == [104, 105])
        #expect(!lookup.isFinished, "two of this node's own contacts are still to be heard")
        lookup.answered(contact(104), closer: ContactList([contact(1)]))
        lookup.failed(contact(105))
        #expect(asked(&lookup) == [1])
        lookup.answered(contact(1), closer: ContactList())
        #expect(asked(&lookup) == [106])
        lookup.answered(contact(106), closer: ContactList())
        #expect(lookup.isFinished)
    }

    @Test func slowContactFreesItsSlotAndMayStillAnswer() {
        var lookup = lookup((1...20).map { contact($0) })
        _ = asked(&lookup)
        lookup.slow(contact(1))
        #expect(asked(&lookup) == [6])
        lookup.answered(contact(1), closer: ContactList([contact(100)]))
        #expect(lookup.closest == [contact(1)])
        #expect(asked(&lookup).isEmpty, "the slot had been given away")
    }

    @Test func endsWhenTheSixteenClosestHaveAnswered() {
        var lookup = lookup((1...30).map { contact($0) })
        var order: [UInt64] = []
        while let contact = lookup.next() {
            order.append(number(contact))
            if number(contact) == 4 {
                lookup.failed(contact)
            } else {
                lookup.answered(contact, closer: ContactList())
            }
        }
        #expect(order == Array(1...17))
        #expect(lookup.isFinished)
        #expect(lookup.closest.count == 16)
    }

    @Test func waitsForSlowOnesOnlyWhileTooFewHaveAnswered() {
        var few = lookup([contact(1), contact(2)])
        _ = asked(&few)
        few.answered(contact(1), closer: ContactList())
        few.slow(contact(2))
        #expect(!few.isFinished)
        few.failed(contact(2))
        #expect(few.isFinished)
        var many = lookup((1...17).map { contact($0) })
        while let next = many.next() {
            if next == contact(1) { many.slow(next) } else { many.answered(next, closer: ContactList()) }
        }
        #expect(many.isFinished)
    }

    @Test func withoutProgressMoreAreAskedAtOnce() {
        var lookup = lookup((1...40).map { contact($0) })
        _ = asked(&lookup)
        for number in UInt64(1)...4 {
            lookup.answered(contact(number), closer: ContactList())
            _ = asked(&lookup)
        }
        lookup.answered(contact(5), closer: ContactList())
        #expect(asked(&lookup) == Array(10...16), "the rest of the sixteen closest")
    }

    @Test func shortlistIsBoundedAndOneBlockDoesNotFillIt() {
        var lookup = lookup([contact(1_000)])
        _ = asked(&lookup)
        for round in UInt64(0)..<20 {
            let contacts = ContactList((1...16).map { contact(10_000 + round * 16 + $0) })
            lookup.answered(contact(1_000), closer: contacts)
            lookup = self.lookup(lookup.candidates.map(\.contact) + contacts.elements)
        }
        #expect(lookup.candidates.count <= Lookup.mostCandidates)
        var besieged = self.lookup([contact(500)])
        _ = besieged.next()
        besieged.answered(contact(500), closer: ContactList((1...16).map { contact($0, block: 77) }))
        #expect(besieged.candidates.count == 1 + KademliaConfiguration().contactsPerPrefix)
    }

    @Test func ownIDAndRepetitionsAreNoCandidates() {
        var lookup = lookup([contact(1), contact(1)])
        _ = lookup.next()
        let me = directory.handle(
            of: Contact(key: PublicSigningKey(bits: own.bits), endpoint: directory[contact(9)].endpoint, nodeID: own))!
        lookup.answered(contact(1), closer: ContactList([me, contact(1), contact(2)]))
        #expect(lookup.candidates.map(\.contact) == [contact(1), contact(2)])
        #expect(lookup.hop(of: contact(2)) == 2)
    }
}
