import Primitives
import SIPMessages
import SIPStack
import Testing

@Suite struct AuthenticationTests {
    private let alice = Peer("alice", "203.0.113.7:5060")
    private let aor = AddressOfRecord(user: "alice", host: "example.org")!

    private func harness() -> ServerHarness {
        var harness = ServerHarness()
        harness.addUser("alice", password: "wonderland")
        return harness
    }

    private func register(_ harness: inout ServerHarness, _ client: inout DigestClient, from peer: Peer? = nil)
        -> SIPMessage
    {
        let peer = peer ?? alice
        let message = harness.request(.register, "sip:example.org", from: peer, to: "<sip:alice@example.org>")
        harness.receive(client.authorized(message), on: peer.flow)
        return harness.sentMessages().last!
    }

    private func client(_ password: String, user: String = "alice") -> DigestClient {
        DigestClient(user: user, password: password, random: RandomSource(seed: 9))
    }

    private func learns(_ response: SIPMessage, _ client: inout DigestClient) -> Bool {
        client.learn(from: response)
    }

    @Test func challengesOfferSHA256BeforeMD5() throws {
        var harness = harness()
        var client = client("wonderland")
        let response = register(&harness, &client)
        #expect(response.statusCode == 401)
        let challenges = try response.wwwAuthenticate
        #expect(challenges.map { $0["algorithm"] } == ["SHA-256", "MD5"])
        #expect(challenges.map { $0["qop"] } == ["auth", "auth"])
        #expect(challenges.allSatisfy { $0["realm"] == "example.org" && $0["stale"] == nil })
    }

    @Test func rightPasswordRegistersAndTheNonceServesAgain() {
        var harness = harness()
        var client = client("wonderland")
        #expect(learns(register(&harness, &client), &client))
        for _ in 1...100 { #expect(register(&harness, &client).statusCode == 200) }
    }

    /// XCAP clients send the whole address as user name, and the digest is made over it.
    @Test func theWholeAddressIsAUserNameToo() {
        var harness = harness()
        for (name, password, expected) in [
            ("alice@example.org", "wonderland", 200), ("alice@example.org", "wrong", 401),
            ("alice@EXAMPLE.org", "wonderland", 401), ("alice@example.net", "wonderland", 401),
        ] {
            var client = client(password, user: name)
            #expect(learns(register(&harness, &client), &client))
            #expect(register(&harness, &client).statusCode == expected, "\(name) \(password)")
        }
    }

    @Test func oldNoncesAreStaleAndReplacedWithoutAsking() throws {
        var harness = harness()
        var client = client("wonderland")
        #expect(learns(register(&harness, &client), &client))
        #expect(register(&harness, &client).statusCode == 200)
        harness.advance(.minutes(31))
        let response = register(&harness, &client)
        #expect(response.statusCode == 401)
        #expect(try response.wwwAuthenticate.first?["stale"] == "true")
        #expect(learns(response, &client))
        #expect(register(&harness, &client).statusCode == 200)
    }

    @Test func aResponseIsTakenOnce() throws {
        var harness = harness()
        var client = client("wonderland")
        #expect(learns(register(&harness, &client), &client))
        let message = client.authorized(
            harness.request(.register, "sip:example.org", from: alice, to: "<sip:alice@example.org>"))
        harness.receive(message, on: alice.flow)
        #expect(harness.sentMessages().last?.statusCode == 200)
        // The same credentials in another transaction.
        let replay = message.editing {
            $0.replaceFirst(.via, "SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bKreplay")
            $0.set(.callID, "another")
        }
        harness.receive(replay, on: alice.flow)
        let response = try #require(harness.sentMessages().last)
        #expect(response.statusCode == 401)
        #expect(try response.wwwAuthenticate.first?["stale"] == "true")
    }

    @Test func overtakingCountsAreTakenWithinTheWindow() {
        var harness = harness()
        var client = client("wonderland")
        #expect(learns(register(&harness, &client), &client))
        var messages: [SIPMessage] = []
        for cseq in 1...70 {
            messages.append(
                client.authorized(
                    harness.request(
                        .register, "sip:example.org", from: alice, to: "<sip:alice@example.org>", callID: "o\(cseq)")))
        }
        harness.receive(messages[69], on: alice.flow)
        #expect(harness.sentMessages().last?.statusCode == 200)
        harness.receive(messages[30], on: alice.flow)
        #expect(harness.sentMessages().last?.statusCode == 200)
        harness.receive(messages[0], on: alice.flow)
        #expect(harness.sentMessages().last?.statusCode == 401)
    }

    @Test func clientsWithoutQualityAreServedOncePerNonce() throws {
        var harness = harness()
        var plain = client("none")
        let challenge = register(&harness, &plain)
        let nonce = try #require(try challenge.wwwAuthenticate.last?["nonce"])
        let ha1 = DigestResponse.ha1(.md5, user: "alice", realm: "example.org", password: "wonderland")
        let response = DigestResponse.response(
            .md5, ha1: ha1, method: "REGISTER", uri: "sip:example.org", nonce: nonce, quality: nil)
        let text = """
            Digest username="alice", realm="example.org", nonce="\(nonce)", uri="sip:example.org", \
            response="\(String(decoding: response, as: UTF8.self))"
            """
        for expected in [200, 401] {
            let message = harness.request(
                .register, "sip:example.org", from: alice, to: "<sip:alice@example.org>",
                headers: [(.authorization, text)])
            harness.receive(message, on: alice.flow)
            #expect(harness.sentMessages().last?.statusCode == expected)
        }
    }

    @Test func unknownUserAndWrongPasswordLookTheSame() throws {
        var harness = harness()
        var answers: [[HeaderName]] = []
        for user in ["alice", "nobody"] {
            var client = client("wrong", user: user)
            #expect(learns(register(&harness, &client), &client))
            let response = register(&harness, &client)
            #expect(response.statusCode == 401)
            #expect(try response.wwwAuthenticate.first?["stale"] == nil)
            answers.append(response.headerFields.map(\.name))
            #expect(!learns(response, &client))
        }
        #expect(answers[0] == answers[1])
    }

    @Test func guessingIsSlowedDownByAddressButNotForTheOwnerElsewhere() {
        var harness = harness()
        let attacker = Peer("mallory", "203.0.113.66:5060")
        var owner = client("wonderland")
        #expect(learns(register(&harness, &owner), &owner))
        #expect(register(&harness, &owner).statusCode == 200)
        for _ in 1...60 {
            var guess = client("guess")
            _ = guess.learn(from: register(&harness, &guess, from: attacker))
            #expect(register(&harness, &guess, from: attacker).statusCode == 401)
        }
        // From the attacker's address not even the right password gets through now.
        var right = client("wonderland")
        _ = right.learn(from: register(&harness, &right, from: attacker))
        #expect(register(&harness, &right, from: attacker).statusCode == 401)
        #expect(register(&harness, &owner).statusCode == 200)
        harness.advance(.seconds(61))
        var later = client("wonderland")
        _ = later.learn(from: register(&harness, &later, from: attacker))
        #expect(register(&harness, &later, from: attacker).statusCode == 200)
    }

    @Test func nobodyRegistersForAnother() {
        var harness = harness()
        harness.addUser("bob", password: "builder")
        var client = client("builder", user: "bob")
        #expect(learns(register(&harness, &client), &client))
        #expect(register(&harness, &client).statusCode == 403)
        #expect(harness.server.bindings(of: aor, at: harness.now).isEmpty)
    }

    @Test func malformedCredentialsAreABadRequest() {
        var harness = harness()
        for text in [
            "Digest realm=\"example.org\"",
            "Digest username=\"a\", realm=\"example.org\", nonce=\"x\", uri=\"u\", response=\"r\", qop=auth",
            "Digest username=\"a\", realm=\"example.org\", nonce=\"x\", uri=\"u\", response=\"r\", algorithm=SHA-1",
        ] {
            let message = harness.request(
                .register, "sip:example.org", from: alice, to: "<sip:alice@example.org>",
                headers: [(.authorization, text)])
            harness.receive(message, on: alice.flow)
            #expect(harness.sentMessages().last?.statusCode == 400)
        }
    }

    @Test func aProxyAsksForItsOwnCredentialsAndKeepsThem() throws {
        var harness = harness()
        let bob = Peer("bob", "198.51.100.9:5060")
        var trusted = ServerHarness(trusted: ["198.51.100.0/24"])
        trusted.addUser("alice", password: "wonderland")
        trusted.register(bob)
        harness = trusted
        var client = client("wonderland")
        let first = harness.request(.message, "sip:bob@example.org", from: alice)
        harness.receive(first, on: alice.flow)
        let challenge = try #require(harness.sentMessages().last)
        #expect(challenge.statusCode == 407)
        #expect(learns(challenge, &client))
        let second = harness.request(
            .message, "sip:bob@example.org", from: alice,
            headers: [(.proxyAuthorization, "Digest username=\"x\", realm=\"other.example\", nonce=\"y\"")])
        let authorized = client.authorized(second).editing {
            $0.append(.proxyAuthorization, "Digest username=\"x\", realm=\"other.example\", nonce=\"y\"")
        }
        harness.receive(authorized, on: alice.flow)
        harness.handle(.resolved(try #require(harness.actions.lookUps.first).0, []))
        let forwarded = try #require(harness.sent().last)
        #expect(forwarded.message.method == .message)
        #expect(forwarded.flow.remote == .endpoint(bob.endpoint))
        #expect(try forwarded.message.proxyAuthorization.map { $0["realm"] } == ["other.example"])
    }
}
