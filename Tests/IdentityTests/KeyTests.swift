import Identity
import Primitives
import Testing

@Suite struct KeyTests {
    @Test func ed25519MatchesTheFirstVectorOfRFC8032() {
        let seed = Hex.decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")!
        let pair = SigningKeyPair(seed: seed)
        #expect(
            pair.publicKey.bytes == Hex.decode("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")!)
        let signature = pair.sign([])
        #expect(
            Hex.encode(signature.bytes).hasPrefix("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"))
        #expect(pair.publicKey.verify(signature, of: []))
        #expect(!pair.publicKey.verify(signature, of: [0]))
    }
}
