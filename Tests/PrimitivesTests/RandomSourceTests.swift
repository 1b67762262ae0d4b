import Primitives
import Testing

struct RandomSourceTests {
    /// The first block of ChaCha8 under a key of zeros, as published with the reference implementation's test vectors
    /// (draft-strombergson-chacha-test-vectors, TC1 with 8 rounds and a 256-bit key).
    @Test func publishedVector() {
        var random = RandomSource(key: [UInt8](repeating: 0, count: 32))
        let block = """
            3e00ef2f895f40d67f5bb8e81f09a5a12c840ec3ce9a7f3b181be188ef711a1e\
            984ce172b9216f419f445367456d5619314a42a3da86b001387bfdb80e0cfe42
            """
        #expect(Hex.encode(random.bytes(64)) == block)
    }

    /// Two blocks under the key 00 01 … 1f, from a reference of ten lines in another language: the counter counts.
    @Test func twoBlocks() {
        var random = RandomSource(key: Array(0..<32))
        let blocks = """
            4015b28f6e12ab6ad9e8667b31c51233f78f172790b2d94f326b2ed7ffbcbecb\
            ff9ead365f89ce3b6f4055bc759d90fd8f831d27c7b0df93b3b9ed8238a256d6\
            761a6e0fc8b2b859f5a9f3ae170a7599b0b023ce79d7659b32ee79373e727289\
            712ff289f30f641fcd822ff8e656ffd8725691f839a7b433a5b61053d99baee0
            """
        #expect(Hex.encode(random.bytes(128)) == blocks)
    }

    /// A seed's numbers are part of what a simulation's fingerprint rests on: they may never change.
    @Test func seedsGiveTheSameNumbersForEver() {
        var random = RandomSource(seed: 42)
        #expect(random.next() == 0x3115_9EF9_87C9_1AFC)
        #expect(random.next() == 0x1755_9844_B416_9001)
        #expect(random.next() == 0xF7D0_AFBF_9AD9_A69F)
        var again = RandomSource(seed: 42)
        #expect(again.token() == "7qnmtb7ztyktcamq")
    }

    @Test func lengthsAreAsAsked() {
        var random = RandomSource(seed: 1)
        for count in 0..<100 {
            #expect(random.bytes(count).count == count)
            let token = random.token(count)
            #expect(token.utf8.count == count)
            #expect(token.allSatisfy { "abcdefghijklmnopqrstuvwxyz234567".contains($0) })
        }
    }

    @Test func partsAreIndependentOfEachOther() {
        var random = RandomSource(seed: 7)
        var first = random.split()
        var second = random.split()
        let numbers = [first.next(), second.next(), random.next()]
        #expect(Set(numbers).count == 3)
    }

    @Test func unitAndJitterStayInTheirRanges() {
        var random = RandomSource(seed: 3)
        var sum = 0.0
        for _ in 0..<10_000 {
            let value = random.unit()
            #expect(value >= 0 && value < 1)
            sum += value
            let spread = random.jittered(.seconds(10), by: 0.9...1.1)
            #expect(spread >= .seconds(9) && spread <= .seconds(11))
        }
        #expect(abs(sum / 10_000 - 0.5) < 0.02)
    }

    /// Every bit is set about half of the time.
    @Test func bitsAreBalanced() {
        var random = RandomSource(seed: 11)
        var counts = [Int](repeating: 0, count: 64)
        for _ in 0..<20_000 {
            let word = random.next()
            for bit in 0..<64 where word >> UInt64(bit) & 1 == 1 { counts[bit] += 1 }
        }
        // Six standard deviations of a fair coin thrown 20,000 times are 424.
        #expect(counts.allSatisfy { abs($0 - 10_000) < 424 })
    }

    @Test func theKeyIsNotPrinted() {
        let random = RandomSource(key: [UInt8](repeating: 0xAB, count: 32))
        #expect("\(random)" == "RandomSource")
        #expect(!String(reflecting: [random]).contains("2880154539"))
    }
}
