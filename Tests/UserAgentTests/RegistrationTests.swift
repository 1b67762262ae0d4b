import Primitives
import SIPMessages
import Testing
import UserAgent

/// REGISTER, message by message.
struct RegistrationTests {
    private static func accepted(_ request: SIPMessage, expires: Int) -> SIPMessage {
        request.response(
            200, toTag: "r",
            headers: [
                (.contact, "<sip:alice@192.0.2.7:5060>;expires=9"),
                (.contact, "<sip:alice@192.0.2.1:40001>;expires=\(expires)"),
            ])
    }

    @Test func theFirstRegisterIsWhatTheRFCAsksFor() throws {
        var test = TestAgent { $0.instance = "urn:uuid:00000000-0000-1000-8000-000A95A0E128" }
        test.tell(.register)
        let request = try test.take()
        #expect(request.requestURIText == "sip:example.org")
        #expect(try request.to.uri.description == "sip:alice@example.org")
        #expect(try request.to.tag == nil)
        #expect(try request.from.tag != nil)
        #expect(try request.cseq == CSeq(1, .register))
        #expect(try request.maxForwards == 70)
        #expect(request.values(.route).map(\.string) == ["<sip:192.0.2.9:5060;lr>"])
        let contact = try #require(try request.contacts.first)
        #expect(contact.uri.description == "sip:alice@192.0.2.1:40001")
        #expect(contact.expires == 600)
        #expect(contact.instance == "urn:uuid:00000000-0000-1000-8000-000A95A0E128")
        #expect(request.validation() == nil)
        #expect(!request.contains(.authorization))
    }

    @Test func aChallengeIsAnsweredWithTheSameCallAndAHigherNumber() throws {
        var test = TestAgent()
        test.tell(.register)
        let first = try test.take()
        test.receive(TestAgent.challenge(first, 401, nonce: "n1"))
        let second = try test.take()
        #expect(try second.callID == first.callID)
        #expect(try second.cseq.number == 2)
        let credentials = try #require(try second.authorization.first)
        #expect(credentials["username"] == "alice")
        #expect(credentials["nonce"] == "n1")
        #expect(credentials["nc"] == "00000001")
        #expect(test.reports.isEmpty)
        test.receive(Self.accepted(second, expires: 300))
        #expect(test.reports == ["registered"])
        // RFC 3261 §10.2.4: refreshed before it expires, with a nonce that is still good.
        test.wait(.seconds(200))
        #expect(test.all().isEmpty)
        test.wait(.seconds(40))
        let refresh = try test.last()
        #expect(try refresh.cseq.number == 3)
        #expect(try refresh.authorization.first?["nc"] == "00000002")
        // A nonce that grew old is replaced without a word.
        test.receive(TestAgent.challenge(refresh, 401, nonce: "n2", stale: true))
        let again = try test.take()
        #expect(try again.authorization.first?["nonce"] == "n2")
        test.receive(Self.accepted(again, expires: 300))
        #expect(test.reports == ["registered"])
    }

    @Test func credentialsThatAreRefusedAreNotSentAgain() throws {
        var test = TestAgent()
        test.tell(.register)
        test.receive(TestAgent.challenge(try test.take(), 401, nonce: "n1"))
        test.receive(TestAgent.challenge(try test.take(), 401, nonce: "n2"))
        #expect(test.reports == ["registrationFailed 401"])
        #expect(test.next() == nil)
        test.wait(.seconds(3_600))
        #expect(test.all().isEmpty)
    }

    @Test func aServerThatForgotItsNoncesIsAnsweredOnceMore() throws {
        var test = TestAgent()
        test.tell(.register)
        test.receive(TestAgent.challenge(try test.take(), 401, nonce: "n1"))
        test.receive(Self.accepted(try test.take(), expires: 300))
        test.wait(.seconds(240))
        let refresh = try test.last()
        test.receive(TestAgent.challenge(refresh, 401, nonce: "other"))
        let again = try test.take()
        #expect(try again.authorization.first?["nonce"] == "other")
    }

    @Test func aTooShortRegistrationIsAskedForAgain() throws {
        var test = TestAgent()
        test.tell(.register)
        let first = try test.take()
        test.receive(first.response(423, toTag: "r", headers: [(.minExpires, "1800")]))
        let second = try test.take()
        #expect(try second.contacts.first?.expires == 1_800)
        // A registrar that contradicts itself is not followed for ever.
        test.receive(second.response(423, toTag: "r", headers: [(.minExpires, "1800")]))
        #expect(test.next() == nil)
        #expect(test.reports == ["registrationFailed 423"])
    }

    @Test func aBusyServerIsTriedAgainWhenItSaysAndNotBefore() throws {
        var test = TestAgent()
        test.tell(.register)
        test.receive(try test.take().response(503, toTag: "r", headers: [(.retryAfter, "120")]))
        #expect(test.reports == ["registrationFailed 503"])
        test.wait(.seconds(119))
        #expect(test.all().isEmpty)
        test.wait(.seconds(1))
        #expect(test.next()?.method == .register)
    }

    @Test func whatTheUserWantsMeanwhileWaitsForTheAnswer() throws {
        var test = TestAgent()
        test.tell(.register)
        let first = try test.take()
        test.tell(.unregister)
        // RFC 3261 §10.2: not before the first is answered.
        #expect(test.next() == nil)
        test.receive(Self.accepted(first, expires: 300))
        let second = try test.take()
        #expect(try second.contacts.first?.expires == 0)
        test.receive(second.response(200, toTag: "r"))
        #expect(test.reports == ["registered", "unregistered"])
        test.wait(.seconds(3_600))
        #expect(test.all().isEmpty)
    }

    @Test func theServiceRouteIsTakenByWhatFollows() throws {
        var test = TestAgent()
        test.tell(.register)
        let first = try test.take()
        test.receive(
            first.response(
                200, toTag: "r",
                headers: [
                    (.contact, "<sip:alice@192.0.2.1:40001>;expires=300"),
                    (.serviceRoute, "<sip:192.0.2.10;lr>, <sip:192.0.2.11;lr>"),
                ]))
        test.tell(.sendMessage(1, to: SIPURI("sip:bob@example.org")!, text: "hello"))
        let message = try test.take()
        #expect(message.values(.route).map(\.string) == ["<sip:192.0.2.10;lr>", "<sip:192.0.2.11;lr>"])
    }
}
