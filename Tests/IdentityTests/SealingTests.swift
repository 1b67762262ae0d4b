import Identity
import Primitives
import Testing

@Suite struct SealingTests {
    @Test func aSymmetricSealOpensOnlyUnchanged() {
        var random = RandomSource(seed: 3)
        let key = SymmetricKey(random: &random)
        for length in [0, 1, 15, 16, 17, 200, 5000] {
            let plaintext = random.bytes(length)
            let sealed = key.seal(plaintext, authenticating: [1, 2], random: &random)
            #expect(sealed.count == length + SymmetricKey.overhead)
            #expect(key.open(sealed, authenticating: [1, 2]) == plaintext)
            #expect(key.open(sealed, authenticating: [1, 3]) == nil)
            #expect(key.derived(context: "other").open(sealed, authenticating: [1, 2]) == nil)
            for _ in 0..<20 {
                var changed = sealed
                changed[Int.random(in: 0..<changed.count, using: &random)] ^=
                    1 << UInt8.random(in: 0..<8, using: &random)
                #expect(key.open(changed, authenticating: [1, 2]) == nil)
            }
            #expect(key.open(Array(sealed.dropLast()), authenticating: [1, 2]) == nil)
        }
        for length in 0..<SymmetricKey.overhead { #expect(key.open([UInt8](repeating: 0, count: length)) == nil) }
    }

    @Test func aCounterSealStandsBehindItsHeader() {
        let key = SymmetricKey([UInt8](repeating: 7, count: 32))
        let sealed = key.seal([1, 2, 3], counter: 9, header: [5, 6])
        #expect(Array(sealed[..<2]) == [5, 6] && sealed.count == 2 + 3 + SymmetricKey.tagLength)
        #expect(key.open(sealed[2...], counter: 9, header: [5, 6]) == [1, 2, 3])
        #expect(key.open(sealed[2...], counter: 8, header: [5, 6]) == nil)
        #expect(key.open(sealed[2...], counter: 9, header: [5, 7]) == nil)
        #expect(key.open([], counter: 9, header: []) == nil)
    }

    @Test func derivedKeysDependOnKeyAndContext() {
        let one = SymmetricKey([UInt8](repeating: 1, count: 32))
        let two = SymmetricKey([UInt8](repeating: 2, count: 32))
        #expect(one.derived(context: "a") == one.derived(context: "a"))
        #expect(one.derived(context: "a") != one.derived(context: "b"))
        #expect(one.derived(context: "a") != two.derived(context: "a"))
        #expect(one.authenticationCode(of: [1], [2]) == one.authenticationCode(of: [1, 2]))
        #expect(one.authenticationCode(of: [1]) != two.authenticationCode(of: [1]))
    }

    @Test func aBoxOpensForItsRecipientAlone() throws {
        var random = RandomSource(seed: 4)
        let recipient = AgreementKeyPair(random: &random)
        let other = AgreementKeyPair(random: &random)
        for length in [0, 1, 100, 4000] {
            let plaintext = random.bytes(length)
            let box = try #require(SealedBox.seal(plaintext, to: recipient.publicKey, random: &random))
            #expect(box.count == length + SealedBox.overhead)
            #expect(SealedBox.open(box, with: recipient) == plaintext)
            #expect(SealedBox.open(box, with: other) == nil)
            var changed = box
            changed[Int.random(in: 0..<box.count, using: &random)] ^= 1
            #expect(SealedBox.open(changed, with: recipient) == nil)
        }
        for length in 0..<SealedBox.overhead {
            #expect(SealedBox.open([UInt8](repeating: 0, count: length), with: recipient) == nil)
        }
    }
}
