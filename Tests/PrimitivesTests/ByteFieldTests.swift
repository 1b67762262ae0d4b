import Primitives
import Testing

/// ByteReader and ByteWriter.
struct ByteFieldTests {
    @Test func fieldsAreBigEndian() {
        var writer = ByteWriter()
        writer.uint8(1)
        writer.uint16(0x0203)
        writer.uint32(0x0405_0607)
        writer.uint64(0x0809_0A0B_0C0D_0E0F)
        writer.int64(-2)
        writer.instant(Instant(nanoseconds: 16))
        writer.bytes16([0xAA])
        writer.bytes32([0xBB, 0xCC])
        writer.string16("é")
        #expect(
            Hex.encode(writer.bytes)
                == "0102030405060708090a0b0c0d0e0ffffffffffffffffe00000000000000100001aa00000002bbcc0002c3a9")
    }

    @Test func whatIsWrittenIsRead() throws {
        var random = RandomSource(seed: 21)
        for _ in 0..<200 {
            let (a, b, c) = (random.next(), Int64(bitPattern: random.next()), random.bytes(Int(random.next() % 40)))
            let text = random.token(Int(random.next() % 30))
            var writer = ByteWriter(reserving: 100)
            writer.uint8(UInt8(truncatingIfNeeded: a))
            writer.uint16(UInt16(truncatingIfNeeded: a))
            writer.uint32(UInt32(truncatingIfNeeded: a))
            writer.uint64(a)
            writer.int64(b)
            writer.bytes16(c)
            writer.bytes32(c)
            writer.string16(text)
            writer.append(c)
            // In the middle of other bytes, as a field of a larger message is.
            let whole = [9, 9] + writer.bytes + [9]
            var reader = ByteReader(whole[2..<whole.count - 1])
            #expect(try reader.uint8() == UInt8(truncatingIfNeeded: a))
            #expect(try reader.uint16() == UInt16(truncatingIfNeeded: a))
            #expect(try reader.uint32() == UInt32(truncatingIfNeeded: a))
            #expect(try reader.uint64() == a)
            #expect(try reader.int64() == b)
            #expect(try reader.bytes16() == c)
            #expect(try reader.bytes32() == c)
            #expect(try reader.string16() == text)
            #expect(reader.remaining == c.count)
            #expect(Array(reader.rest) == c)
            #expect(Array(try reader.take(c.count)) == c)
            try reader.end()
        }
    }

    /// However bytes are cut short, reading throws and never traps, and a failed read takes nothing away.
    @Test func everyReadChecksWhatIsLeft() {
        let reads: [(inout ByteReader) throws -> Void] = [
            { _ = try $0.uint8() },
            { _ = try $0.uint16() },
            { _ = try $0.uint32() },
            { _ = try $0.uint64() },
            { _ = try $0.int64() },
            { _ = try $0.instant() },
            { _ = try $0.take(9) },
            { _ = try $0.take(-1) },
            { _ = try $0.take(.max) },
        ]
        let widths = [1, 2, 4, 8, 8, 8, 9, .max, .max]
        for (read, width) in zip(reads, widths) {
            for count in 0..<min(width, 12) {
                var reader = ByteReader([UInt8](repeating: 7, count: count))
                #expect(throws: MalformedBytes.self) { try read(&reader) }
                #expect(reader.remaining == count)
            }
        }
    }

    @Test func aCountBeyondTheEndIsRefused() {
        for bytes: [UInt8] in [[], [0], [0, 1], [0xFF, 0xFF, 1, 2, 3], [0x7F, 0xFF, 0xFF, 0xFF, 1]] {
            var reader = ByteReader(bytes)
            #expect(throws: MalformedBytes.self) { try reader.bytes16() }
            reader = ByteReader(bytes)
            #expect(throws: MalformedBytes.self) { try reader.bytes32() }
        }
    }

    @Test func textMustBeUTF8AndNothingMayFollow() {
        var reader = ByteReader([0, 2, 0xC3, 0x28])
        #expect(throws: MalformedBytes("text is not UTF-8")) { try reader.string16() }
        let trailing = ByteReader([1, 2])
        #expect(throws: MalformedBytes("2 bytes too many")) { try trailing.end() }
    }

    @Test func randomBytesNeverTrap() {
        var random = RandomSource(seed: 77)
        for _ in 0..<2_000 {
            var reader = ByteReader(random.bytes(Int(random.next() % 24)))
            while (try? reader.string16()) != nil || (try? reader.bytes32()) != nil {}
            #expect(reader.remaining <= 24)
        }
    }
}
