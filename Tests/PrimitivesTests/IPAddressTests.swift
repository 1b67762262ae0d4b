import Primitives
import Testing

struct IPAddressTests {
    /// How an address may be written, and how it is written (RFC 5952 §4).
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("010.001.000.009", "10.1.0.9"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("[::1]", "::1"),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:DB8::A:B", "2001:db8::a:b"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("::ffff:192.0.2.1", "192.0.2.1"), ("::ffff:c000:201", "192.0.2.1"), ("::192.0.2.1", "::c000:201"),
    ])
    func textIsReadAndWritten(given: String, written: String) throws {
        let address = try #require(IPAddress(given))
        #expect(address.description == written)
        #expect(IPAddress(written) == address)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "1.2.3.+4", "1..2.3", "1.2.3.4 ", "0x1.2.3.4",
        "1.2.3.0004", ":", ":::", "1:", ":1", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1:2:3:4:5:6:7:8",
        "12345::", "g::", "::1%eth0", "1.2.3.4::", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "[::1", "::1]", "[]",
        "[1.2.3.4]", "::ffff:1.2.3.4:1", "é::", "1:2:3:4:5:6:7:8::",
    ])
    func otherTextIsRefused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func textIsUndone() throws {
        var random = RandomSource(seed: 9)
        for _ in 0..<3_000 {
            // Whole groups of zeros are where the short form can go wrong.
            var words: [UInt64] = [random.next(), random.next()]
            for index in 0..<2 {
                for group in 0..<4 where random.next() % 2 == 0 { words[index] &= ~(0xFFFF << UInt64(group * 16)) }
            }
            let address = IPAddress(high: words[0], low: words[1])
            #expect(IPAddress(address.description) == address)
            let v4 = IPAddress(v4: UInt32(truncatingIfNeeded: random.next()))
            #expect(IPAddress(v4.description) == v4)
        }
    }

    @Test func kinds() {
        #expect(IPAddress.loopback.isLoopback && IPAddress("127.255.0.1")!.isLoopback && IPAddress("::1")!.isLoopback)
        #expect(!IPAddress("128.0.0.1")!.isLoopback && !IPAddress("::2")!.isLoopback && !IPAddress.any.isLoopback)
        #expect(IPAddress.any.isUnspecified && IPAddress("::")!.isUnspecified && !IPAddress("::1")!.isUnspecified)
        #expect(IPAddress("1.2.3.4")!.v4 == 0x0102_0304)
        #expect(IPAddress("2001:db8::1")!.v4 == nil)
        #expect(IPAddress("1.2.3.4")! < IPAddress("1.2.4.0")!)
        #expect(IPAddress("255.0.0.0")! < IPAddress("2001::")!)
    }

    @Test(arguments: [
        ("192.0.2.1:5060", "192.0.2.1:5060"), ("[2001:db8::1]:5061", "[2001:db8::1]:5061"),
        ("[::ffff:192.0.2.1]:1", "192.0.2.1:1"), ("0.0.0.0:0", "0.0.0.0:0"), ("[::]:65535", "[::]:65535"),
    ])
    func endpoints(given: String, written: String) throws {
        let endpoint = try #require(Endpoint(given))
        #expect(endpoint.description == written)
        var writer = ByteWriter()
        endpoint.write(to: &writer)
        #expect(writer.bytes.count == 18)
        var reader = ByteReader(writer.bytes)
        #expect(try Endpoint(from: &reader) == endpoint)
    }

    @Test(arguments: [
        "", "192.0.2.1", "192.0.2.1:", ":5060", "192.0.2.1:65536", "192.0.2.1:+5060", "192.0.2.1:-1", "::1:5060",
        "[::1]", "[::1]5060", "[192.0.2.1]:5060", "example.org:5060", "192.0.2.1:50 60",
    ])
    func otherEndpointsAreRefused(text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"), ("192.0.2.128/25", "192.0.2.200", "192.0.2.127"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.2"), ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
        ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"), ("2001:db8::/64", "2001:db8::ffff:1", "2001:db8:0:1::"),
        ("2001:db8::1:0/112", "2001:db8::1:ffff", "2001:db8::2:0"), ("::1/128", "::1", "::2"),
    ])
    func prefixes(text: String, inside: String, outside: String) throws {
        let prefix = try #require(AddressPrefix(text))
        #expect(prefix.contains(IPAddress(inside)!))
        #expect(!prefix.contains(IPAddress(outside)!))
        #expect(AddressPrefix(prefix.description) == prefix)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "::/129", "10.0.0.0/8/8", "ten/8",
    ])
    func otherPrefixesAreRefused(text: String) {
        #expect(AddressPrefix(text) == nil)
    }

    /// Membership by the definition: the leading bits agree.
    @Test func prefixesAgreeWithTheirDefinition() {
        var random = RandomSource(seed: 13)
        for _ in 0..<2_000 {
            let length = Int(random.next() % 129)
            let base = IPAddress(high: random.next() | 1, low: random.next())
            // Differs from the base in one bit, so that every boundary is hit.
            let flipped = Int(random.next() % 128)
            let other =
                flipped < 64
                ? IPAddress(high: base.high ^ (1 << UInt64(63 - flipped)), low: base.low)
                : IPAddress(high: base.high, low: base.low ^ (1 << UInt64(127 - flipped)))
            guard !other.isV4, let prefix = AddressPrefix("\(base)/\(length)") else { continue }
            #expect(prefix.contains(base))
            #expect(prefix.contains(other) == (flipped >= length))
        }
    }
}
