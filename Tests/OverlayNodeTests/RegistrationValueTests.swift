import Identity
import Kademlia
import OverlayNode
import Primitives
import Testing

@Suite struct RegistrationValueTests {
    private let node = NodeIdentity(seed: [UInt8](repeating: 7, count: 32)).publicKey
    private let endpoint = Endpoint("192.0.2.1:4060")!

    private func value(uriLength: Int, count: Int) -> RegistrationValue {
        let contact = RegistrationValue.Contact(
            uri: String(repeating: "u", count: uriLength), expires: Instant(secondsSince1970: 1), q: 500,
            instance: String(repeating: "i", count: uriLength))
        return RegistrationValue(node: node, endpoint: endpoint, contacts: Array(repeating: contact, count: count))
    }

    @Test func whatIsWrittenIsRead() throws {
        let written = value(uriLength: 40, count: 3)
        #expect(try RegistrationValue(decoding: written.encode()) == written)
    }

    /// What a phone registers decides how long a contact is; it must never make a record that can't be stored.
    @Test(arguments: [0, 100, 400, 401, 8_000, 70_000]) func anyContactsFitIntoARecord(uriLength: Int) throws {
        let written = value(uriLength: uriLength, count: 100)
        #expect(written.encode().count <= RecordLimits.valueBytes)
        #expect(try RegistrationValue(decoding: written.encode()) == written)
        #expect(written.contacts.count == RegistrationValue.maximumContacts)
    }

    @Test func bytesFromOutsideNeverTrap() {
        var random = RandomSource(seed: 3)
        let good = value(uriLength: 40, count: 3).encode()
        for _ in 0..<2_000 {
            var bad = good
            bad[Int(random.next() % UInt64(bad.count))] = UInt8(truncatingIfNeeded: random.next())
            bad.removeLast(Int(random.next() % 3))
            if let read = try? RegistrationValue(decoding: bad) { #expect(read.encode() == bad) }
        }
    }
}
