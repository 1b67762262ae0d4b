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
            Hex.encode(signature.bytes)
                == "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                + "d25bf5f0595bbe24655141438e7a100b")
        #expect(pair.publicKey.verify(signature, of: []))
        #expect(!pair.publicKey.verify(signature, of: [0]))
        #expect(pair.seed == seed)
    }

    @Test func x25519MatchesTheVectorOfRFC7748() {
        // RFC 7748 §6.1
        let alice = AgreementKeyPair(
            secret: Hex.decode("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")!)
        let bob = AgreementKeyPair(
            secret: Hex.decode("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")!)
        #expect(
            Hex.encode(alice.publicKey.bytes) == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
        #expect(
            Hex.encode(bob.publicKey.bytes) == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
        let shared = Hex.decode("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")!
        #expect(alice.sharedSecret(with: bob.publicKey) == shared)
        #expect(bob.sharedSecret(with: alice.publicKey) == shared)
    }

    @Test func keysOfSmallOrderAgreeOnNothing() {
        var random = RandomSource(seed: 1)
        let pair = AgreementKeyPair(random: &random)
        let zero = PublicAgreementKey([UInt8](repeating: 0, count: 32))!
        #expect(pair.sharedSecret(with: zero) == nil)
        #expect(SealedBox.seal([1], to: zero, random: &random) == nil)
        // The neutral element as an Ed25519 key: it has no agreement form and signs nothing.
        let neutral = PublicSigningKey([1] + [UInt8](repeating: 0, count: 31))!
        #expect(neutral.agreementKey == nil)
        #expect(!neutral.verify(Signature([UInt8](repeating: 0, count: 64))!, of: []))
    }

    @Test func bothFormsOfANodeKeyAgree() {
        var random = RandomSource(seed: 2)
        for _ in 0..<20 {
            let node = NodeIdentity(random: &random)
            #expect(node.publicKey.agreementKey == node.agreement.publicKey)
            #expect(node.nodeID == node.publicKey.nodeID)
            #expect(PublicSigningKey(text: node.publicKey.text.uppercased()) == node.publicKey)
        }
    }

    @Test func hashesMatchAnIndependentImplementation() {
        let abc = "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
        #expect(Hex.encode(Hash.blake2b256(Array("abc".utf8)).bytes) == abc)
        #expect(Hash.blake2b256([97], [], [98, 99]) == Hash.blake2b256(Array("abc".utf8)))
        #expect(
            Hex.encode(OverlayID(name: "example overlay").bytes)
                == "1762663768cf3a4a0ad96807b09e35eadae5671833f3d9c487d539e4d2b8486b")
    }

    @Test func nothingShowsASecret() {
        let seed = (0..<32).map { UInt8($0) &+ 200 }
        let node = NodeIdentity(seed: seed)
        let user = UserIdentity(seed: seed)
        let domain = DomainIdentity(
            name: "example.org", signing: SigningKeyPair(seed: seed), memberKey: SymmetricKey(seed))
        let secrets: [Any] = [
            node, user, domain, domain.memberKey, node.signing, node.agreement, user.secret(context: "x"),
        ]
        for secret in secrets {
            var shown = "\(secret) \(String(reflecting: secret))"
            dump(secret, to: &shown)
            #expect(!shown.contains("200") && !shown.contains("c8c9ca") && !shown.contains("203"))
        }
    }
}
