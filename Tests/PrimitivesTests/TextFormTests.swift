import Primitives
import Testing

/// Base32 and hexadecimal.
struct TextFormTests {
    /// The vectors of RFC 4648 §10, in lower case and without padding.
    @Test(arguments: [
        ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"), ("fooba", "mzxw6ytb"),
        ("foobar", "mzxw6ytboi"),
    ])
    func base32Vectors(plain: String, encoded: String) {
        #expect(Base32.encode(plain.utf8) == encoded)
        #expect(Base32.decode(encoded) == Array(plain.utf8))
        #expect(Base32.decode(encoded.uppercased()) == Array(plain.utf8))
    }

    /// A second spelling of the same bytes would be a second name for the same node.
    @Test(arguments: ["a", "mz", "mzx", "mzxq====", "m1", "my ", "m\u{17F}", "mzxw6yr", "aaaaaa", "mzxw6ytbo"])
    func base32RefusesWhatItWouldNotWrite(text: String) {
        #expect(Base32.decode(text) == nil)
    }

    @Test func base32AndHexadecimalAreUndone() {
        var random = RandomSource(seed: 5)
        for count in 0..<70 {
            let bytes = random.bytes(count)
            #expect(Base32.decode(Base32.encode(bytes)) == bytes)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
            #expect(Hex.decode(Hex.encode(bytes).uppercased()) == bytes)
        }
    }

    @Test func whateverDecodesEncodesToTheSameText() {
        var random = RandomSource(seed: 6)
        let alphabet = Array("abcdefgh234567")
        var accepted = 0
        for _ in 0..<5_000 {
            let text = String((0..<Int(random.next() % 12)).map { _ in alphabet[Int(random.next() % 14)] })
            guard let bytes = Base32.decode(text) else { continue }
            accepted += 1
            #expect(Base32.encode(bytes) == text)
        }
        #expect(accepted > 500)
    }

    @Test func hexadecimal() {
        #expect(Hex.encode([0, 0x0F, 0xA5, 0xFF]) == "000fa5ff")
        #expect(Hex.decode("0") == nil)
        #expect(Hex.decode("0g") == nil)
        #expect(Hex.decode(" 00") == nil)
        #expect(Hex.decode("é0") == nil)
        #expect(Hex.value(of: UInt8(ascii: "F")) == 15)
        #expect(Hex.value(of: UInt8(ascii: "/")) == nil)
        #expect(Hex.value(of: UInt8(ascii: ":")) == nil)
    }
}
