import Identity
import OverlayNode
import Primitives
import SIPStack
import Testing

/// A user's word that a node watches for them.
@Suite struct WatcherProofTests {
    private let now = Instant(secondsSince1970: 1_800_000_000)
    private let alice = AddressOfRecord("alice@example.org")!
    private let carol = AddressOfRecord("carol@example.net")!
    private let nodes: [NodeID]
    private let account: Account
    private let domain: SigningKeyPair

    init() {
        var random = RandomSource(seed: 1)
        nodes = (0..<3).map { _ in NodeID(bits: .random(using: &random)) }
        domain = SigningKeyPair(random: &random)
        let identity = UserIdentity(random: &random)
        account = Account(
            addressOfRecord: carol, identity: identity,
            certificate: UserCertificate(
                aor: carol, signingKey: identity.publicKey, agreementKey: identity.agreement.publicKey, serial: 1,
                notAfter: now + .hours(1), domain: domain),
            credentials: Credentials(user: "carol", realm: "example.net", password: "x"), sequence: 1)
    }

    private func isValid(
        _ proof: WatcherProof, for watcher: AddressOfRecord? = nil, watching presentity: AddressOfRecord? = nil,
        from node: Int = 0, to publisher: Int = 1, domain key: PublicSigningKey? = nil, after wait: Interval = .zero
    ) -> Bool {
        proof.isValid(
            for: watcher ?? carol, domain: key ?? domain.publicKey, watching: presentity ?? alice, from: nodes[node],
            to: nodes[publisher], at: now + wait)
    }

    @Test func aWordCountsForOneSubscriptionAtOneNodeAndNotForLong() throws {
        let proof = try WatcherProof(
            text: WatcherProof(of: account, watching: alice, from: nodes[0], to: nodes[1], at: now).text)
        #expect(isValid(proof))
        #expect(isValid(proof, after: .minutes(14)))
        #expect(!isValid(proof, after: .minutes(16)))
        #expect(!isValid(proof, after: .minutes(-6)))
        #expect(!isValid(proof, for: alice))
        #expect(!isValid(proof, watching: carol))
        #expect(!isValid(proof, from: 2))
        #expect(!isValid(proof, to: 2))
        #expect(!isValid(proof, domain: account.identity.publicKey))
        // Nobody makes a word of another's by changing a letter, and nothing else is one.
        let text = proof.text
        for position in stride(from: 0, to: text.count, by: 7) {
            var letters = Array(text)
            letters[position] = letters[position] == "a" ? "b" : "a"
            if let changed = try? WatcherProof(text: String(letters)) { #expect(!isValid(changed), "\(position)") }
        }
        for wrong in ["", "a", "ä", String(text.dropLast(8)), text + "aaaaaaaa"] {
            #expect(throws: MalformedBytes.self) { try WatcherProof(text: wrong) }
        }
    }

    @Test func aCertificateThatEndedProvesNothing() {
        let proof = WatcherProof(of: account, watching: alice, from: nodes[0], to: nodes[1], at: now + .minutes(59))
        #expect(isValid(proof, after: .minutes(59)))
        #expect(!isValid(proof, after: .minutes(61)))
    }
}
