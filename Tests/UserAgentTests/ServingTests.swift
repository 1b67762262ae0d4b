import Primitives
import SIPMessages
import Testing
import UserAgent

/// What a user agent answers to requests, good and bad.
struct ServingTests {
    private static let offer = """
        v=0
        o=- 1 1 IN IP4 192.0.2.9
        s=-
        c=IN IP4 192.0.2.9
        t=0 0
        m=audio 7000 RTP/AVP 0 8 96
        a=rtpmap:96 opus/48000/2
        m=video 7002 RTP/AVP 31

        """

    private static func invite(_ body: String = offer, sequence: Int = 1, branch: String = "z9hG4bKone") -> String {
        TestAgent.request(
            "INVITE", sequence: sequence, branch: branch, more: "Content-Type: application/sdp\n", body: body)
    }

    @Test(arguments: [
        ("OPTIONS", "sip:alice@192.0.2.1:40001", "", 200), ("UPDATE", "sip:alice@192.0.2.1:40001", "", 405),
        ("BYE", "sip:alice@192.0.2.1:40001", "", 481), ("NOTIFY", "sip:alice@192.0.2.1:40001", "", 481),
        ("MESSAGE", "sip:carol@192.0.2.1:40001", "", 404), ("MESSAGE", "sip:alice@example.org", "", 200),
        ("MESSAGE", "sip:alice@192.0.2.1:40001", "Require: 100rel, nothing\n", 420),
        ("MESSAGE", "sip:alice@192.0.2.1:40001", "Content-Type: image/png\n", 415),
    ]) func requestsAreAnswered(method: String, uri: String, more: String, status: Int) throws {
        var test = TestAgent()
        let to = ["BYE", "NOTIFY"].contains(method) ? "<sip:alice@example.org>;tag=x" : "<sip:alice@example.org>"
        let event = method == "NOTIFY" ? "Event: presence\nSubscription-State: active\n" : ""
        test.receive(TestAgent.request(method, uri: uri, to: to, more: more + event))
        let response = try test.take()
        #expect(response.statusCode == status)
        #expect(try response.to.tag != nil)
        switch status {
        case 405: #expect(response.contains(.allow))
        case 420: #expect(response.values(.unsupported).map(\.string) == ["100rel", "nothing"])
        case 415: #expect(response.value(.accept)?.string == "text/plain")
        default: break
        }
    }

    @Test func theSecondCopyOfAForkedRequestIsRefused() throws {
        var test = TestAgent()
        test.receive(Self.invite())
        test.receive(Self.invite(branch: "z9hG4bKtwo"))
        #expect(test.all().compactMap(\.statusCode) == [180, 482])
        #expect(test.reports.count == 1)
    }

    @Test func anOfferIsAnsweredStreamByStream() throws {
        var test = TestAgent()
        test.receive(Self.invite())
        #expect(test.reports == ["incomingCall received call 1 bob@example.org"])
        let ringing = try test.take()
        #expect(ringing.statusCode == 180)
        test.tell(.answer(.received(1)))
        let answer = try test.take()
        #expect(answer.statusCode == 200)
        #expect(try answer.to.tag == ringing.to.tag)
        #expect(try answer.contacts.first?.uri.description == "sip:alice@192.0.2.1:40001")
        let description = try SessionDescription(parsing: answer.body)
        #expect(description.media.map(\.port) == [4_000, 0])
        #expect(description.media[0].formats == ["0", "8"])
        #expect(description.media[0].direction == .sendReceive)
    }

    @Test(arguments: [
        ("v=0\nm=audio 7000 RTP/AVP 96\n", 488), ("v=0\nm=audio 0 RTP/AVP 0\n", 488), ("nonsense\n", 400),
        ("v=1\n", 400), ("v=0\nm=audio\n", 400),
    ]) func anOfferThatCantBeTakenIsRefused(body: String, status: Int) throws {
        var test = TestAgent()
        test.receive(Self.invite(body))
        #expect(test.all().compactMap(\.statusCode) == [status])
        #expect(test.reports.isEmpty)
    }

    @Test func anInviteWithoutAnOfferGetsOneAndTheAnswerComesWithTheACK() throws {
        var test = TestAgent()
        test.receive(TestAgent.request("INVITE"))
        test.tell(.answer(.received(1)))
        let answer = try test.last()
        #expect(try SessionDescription(parsing: answer.body).media.map(\.port) == [4_000])
        let to = try #require(answer.value(.to)).string
        test.receive(
            TestAgent.request(
                "ACK", to: to, branch: "z9hG4bKack", more: "Content-Type: application/sdp\n",
                body: "v=0\nc=IN IP4 192.0.2.9\nm=audio 7000 RTP/AVP 0\n"))
        #expect(test.reports.last == "callAnswered received call 1 192.0.2.9:7000")
    }

    @Test func anInviteWithinACallIsAnsweredAndAByeEndsIt() throws {
        var test = TestAgent()
        test.receive(Self.invite())
        test.tell(.answer(.received(1)))
        let answer = try test.last()
        let to = try #require(answer.value(.to)).string
        let first = try SessionDescription(parsing: answer.body)
        let again = { (sequence: Int, branch: String) in
            TestAgent.request(
                "INVITE", to: to, sequence: sequence, branch: branch, more: "Content-Type: application/sdp\n",
                body: "v=0\nc=IN IP4 192.0.2.9\nm=audio 7000 RTP/AVP 8\na=sendonly\nm=video 0 RTP/AVP 31\n")
        }
        // RFC 3261 §14.2: not before the first is acknowledged.
        test.receive(again(2, "z9hG4bKearly"))
        let early = try test.take()
        #expect(early.statusCode == 500)
        #expect(early.contains(.retryAfter))
        test.receive(TestAgent.request("ACK", to: to, branch: "z9hG4bKack"))
        test.receive(again(3, "z9hG4bKhold"))
        let held = try test.last()
        #expect(held.statusCode == 200)
        let second = try SessionDescription(parsing: held.body)
        #expect(second.session == first.session)
        #expect(second.version == first.version + 1)
        #expect(second.media[0].direction == .receiveOnly)
        #expect(second.media[0].formats == ["8"])
        test.receive(TestAgent.request("ACK", to: to, sequence: 3, branch: "z9hG4bKack3"))
        // RFC 3261 §12.2.2: older than what came before.
        test.receive(TestAgent.request("BYE", to: to, sequence: 2, branch: "z9hG4bKold"))
        #expect(test.all().last?.statusCode == 500)
        test.receive(TestAgent.request("BYE", to: to, sequence: 4, branch: "z9hG4bKbye"))
        #expect(test.all().last?.statusCode == 200)
        #expect(test.reports.last == "callEnded received call 1 ended by the other side")
        test.wait(.seconds(200))
        #expect(test.agent.nextDeadline == nil)
    }

    @Test func anInvitationEndsWhenItsTimeIsOver() throws {
        var test = TestAgent()
        test.receive(
            TestAgent.request("INVITE", more: "Expires: 30\nContent-Type: application/sdp\n", body: Self.offer))
        test.wait(.seconds(29))
        #expect(!test.all().contains { $0.statusCode == 487 })
        test.wait(.seconds(1))
        #expect(test.next()?.statusCode == 487)
        #expect(test.reports.last == "callEnded received call 1 given up by the caller")
    }

    @Test func whileItRingsTheCallerIsToldEveryMinute() {
        var test = TestAgent()
        test.receive(Self.invite())
        test.wait(.seconds(185))
        #expect(test.all().compactMap(\.statusCode) == [180, 180, 180, 180])
    }

    @Test func noMoreCallsThanAPersonCanHold() {
        var test = TestAgent { $0.maximumCalls = 1 }
        test.receive(Self.invite())
        test.receive(TestAgent.request("INVITE", callID: "other", branch: "z9hG4bKtwo"))
        test.receive(TestAgent.request("OPTIONS", callID: "third", branch: "z9hG4bKthree"))
        #expect(test.all().compactMap(\.statusCode) == [180, 486, 486])
    }

    @Test func rubbishIsAnsweredOrDroppedAndChangesNothing() {
        var test = TestAgent()
        test.receive("rubbish")
        test.receive(TestAgent.request("INVITE").replacing("CSeq: 1 INVITE", with: "CSeq: 1 BYE"))
        #expect(test.all().compactMap(\.statusCode).allSatisfy { $0 == 400 })
        #expect(test.reports.isEmpty)
    }
}
