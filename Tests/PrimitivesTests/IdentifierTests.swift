import Primitives
import Testing

/// Bits256, NodeID, ResourceID and AddressOfRecord.
struct IdentifierTests {
    @Test func bitsAreBigEndian() throws {
        let bits = try #require(Bits256(Array(0..<32)))
        #expect(bits.words[0] == 0x0001_0203_0405_0607)
        #expect(bits.words[3] == 0x1819_1A1B_1C1D_1E1F)
        #expect(bits.bytes == Array(0..<32))
        #expect(Bits256(Array(0..<31)) == nil)
        #expect(Bits256(Array(0..<33)) == nil)
        #expect(Bits256([]) == nil)
    }

    @Test func orderAndDistanceFollowTheBytes() {
        var random = RandomSource(seed: 17)
        for _ in 0..<2_000 {
            let a = Bits256.random(using: &random)
            // Often equal in the leading words.
            var b = random.next() % 2 == 0 ? a : Bits256.random(using: &random)
            b.words[Int(random.next() % 4)] ^= random.next() & 0xFF
            #expect((a < b) == a.bytes.lexicographicallyPrecedes(b.bytes))
            #expect((a ^ b).bytes == zip(a.bytes, b.bytes).map { $0 ^ $1 })
            #expect((a ^ b) ^ b == a)
        }
    }

    @Test func leadingZeros() {
        #expect(Bits256(words: .zero).leadingZeroBitCount == 256)
        for bit in 0..<256 {
            var words = SIMD4<UInt64>.zero
            words[bit / 64] = 1 << UInt64(63 - bit % 64)
            #expect(Bits256(words: words).leadingZeroBitCount == bit)
        }
    }

    @Test func nodeIDsAreUndone() {
        var random = RandomSource(seed: 19)
        for _ in 0..<100 {
            let id = NodeID(bits: .random(using: &random))
            #expect(id.text.utf8.count == 52)
            #expect(NodeID(text: id.text) == id)
            #expect(NodeID(text: id.text.uppercased()) == id)
            #expect(id.text.hasPrefix(id.description) && id.description.count == 10)
            #expect(NodeID(text: id.description) == nil)
            #expect(NodeID(text: id.text + "a") == nil)
        }
        // The last character carries one bit of the ID; with another bit it would be a second name.
        let zero = NodeID(bits: Bits256(words: .zero))
        #expect(NodeID(text: zero.text.dropLast() + "q") != zero)
        #expect(NodeID(text: zero.text.dropLast() + "b") == nil)
        #expect(ResourceID(bits: Bits256(words: .zero)).description == "aaaaaaaaaa")
    }

    @Test(arguments: [
        ("alice@example.org", "alice@example.org"), ("sip:alice@EXAMPLE.org", "alice@example.org"),
        ("SIP:Alice@example.org", "Alice@example.org"), ("a;b=c&d@x", "a;b=c&d@x"), ("+49@192.0.2.1", "+49@192.0.2.1"),
        ("o'hara@[2001:DB8::1]", "o'hara@[2001:db8::1]"),
    ])
    func addressesOfRecord(given: String, canonical: String) {
        #expect(AddressOfRecord(given)?.description == canonical)
    }

    @Test(arguments: [
        "", "alice", "@example.org", "alice@", "alice@bob@example.org", "a b@example.org", "alice@example.org:5060",
        "alice@example.org;transport=tcp", "alice@[::1", "alice@[::1]:5060", "alice@::1", "alice\r\n@example.org",
        "alice@exam\u{7F}ple.org", "alice@bücher.example", "sips:alice@x@y",
    ])
    func otherAddressesAreRefused(text: String) {
        #expect(AddressOfRecord(text) == nil)
    }

    @Test func usersKeepTheirCaseAndHostsLoseIt() throws {
        let upper = try #require(AddressOfRecord(user: "Alice", host: "Example.ORG"))
        let lower = try #require(AddressOfRecord(user: "alice", host: "example.org"))
        #expect(upper != lower)
        #expect(upper.host == lower.host)
        #expect(AddressOfRecord(user: String(repeating: "u", count: 255), host: "x") != nil)
        #expect(AddressOfRecord(user: String(repeating: "u", count: 256), host: "x") == nil)
        #expect(AddressOfRecord(user: "u", host: String(repeating: "x", count: 256)) == nil)
        // Sorted by host first, so that a domain's users stand together.
        let sorted = ["b@a.org", "a@b.org", "a@a.org"].compactMap { AddressOfRecord($0) }.sorted()
        #expect(sorted.map(\.description) == ["a@a.org", "b@a.org", "a@b.org"])
    }
}
