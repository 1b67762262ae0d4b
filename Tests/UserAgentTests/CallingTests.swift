import Primitives
import SIPMessages
import Testing
import UserAgent

/// Calls that are made, message by message.
struct CallingTests {
    private static let placed = CallNumber.placed(1)
    private static let session = Array("v=0\r\nc=IN IP4 192.0.2.20\r\nm=audio 7000 RTP/AVP 0\r\n".utf8)

    /// What a callee behind two proxies answers.
    private static func answer(
        _ invite: SIPMessage, _ status: Int, tag: String, host: String = "192.0.2.20", body: [UInt8] = session
    ) -> SIPMessage {
        invite.response(
            status, toTag: tag,
            headers: [
                (.recordRoute, "<sip:192.0.2.30;lr>, <sip:192.0.2.9:5060;lr>"), (.contact, "<sip:bob@\(host):5062>"),
            ],
            body: status < 200 ? [] : body, contentType: status < 200 ? nil : "application/sdp")
    }

    private static func calling() throws -> (TestAgent, invite: SIPMessage) {
        var test = TestAgent()
        test.tell(.call(placed, to: SIPURI("sip:bob@example.org")!))
        let invite = try test.take()
        return (test, invite)
    }

    @Test func anInviteIsWhatTheRFCAsksFor() throws {
        let (_, invite) = try Self.calling()
        #expect(invite.requestURIText == "sip:bob@example.org")
        #expect(invite.values(.route).map(\.string) == ["<sip:192.0.2.9:5060;lr>"])
        #expect(try invite.contacts.map(\.uri.description) == ["sip:alice@192.0.2.1:40001"])
        #expect(invite.contains(.allow))
        #expect(try SessionDescription(parsing: invite.body).destination == Endpoint("192.0.2.1:4000"))
        #expect(invite.validation() == nil)
    }

    @Test func theDialogGoesByTheRouteSetOfTheAnswer() throws {
        var (test, invite) = try Self.calling()
        test.receive(Self.answer(invite, 180, tag: "one"))
        test.receive(Self.answer(invite, 200, tag: "one"))
        let ack = try test.take()
        #expect(ack.method == .ack)
        #expect(ack.requestURIText == "sip:bob@192.0.2.20:5062")
        // RFC 3261 §12.1.2: Record-Route in reverse.
        #expect(ack.values(.route).map(\.string) == ["<sip:192.0.2.9:5060;lr>", "<sip:192.0.2.30;lr>"])
        #expect(try ack.cseq == CSeq(1, .ack))
        #expect(try ack.to.tag == "one")
        #expect(test.reports == ["ringing placed call 1", "callAnswered placed call 1 192.0.2.20:7000"])
        test.tell(.end(Self.placed))
        let bye = try test.take()
        #expect(try bye.cseq == CSeq(2, .bye))
        #expect(bye.values(.route).map(\.string) == ["<sip:192.0.2.9:5060;lr>", "<sip:192.0.2.30;lr>"])
        test.receive(bye.response(200))
        #expect(test.reports.last == "callEnded placed call 1 ended here")
    }

    @Test func everyCopyOfTheAnswerIsAcknowledged() throws {
        var (test, invite) = try Self.calling()
        for _ in 0..<3 { test.receive(Self.answer(invite, 200, tag: "one")) }
        #expect(test.all().map(\.method) == [.ack, .ack, .ack])
        // RFC 6026 §8.7: also when the transaction is long forgotten.
        test.wait(.seconds(60))
        test.receive(Self.answer(invite, 200, tag: "one"))
        #expect(test.all().map(\.method) == [.ack])
        #expect(test.reports.count == 1)
    }

    @Test func theSecondAnswerOfAForkedCallIsAcknowledgedAndEnded() throws {
        var (test, invite) = try Self.calling()
        test.receive(Self.answer(invite, 180, tag: "one"))
        test.receive(Self.answer(invite, 180, tag: "two", host: "192.0.2.21"))
        test.receive(Self.answer(invite, 200, tag: "one"))
        test.receive(Self.answer(invite, 200, tag: "two", host: "192.0.2.21"))
        let sent = test.all()
        #expect(sent.map(\.method) == [.ack, .ack, .bye])
        #expect(try sent.map { try $0.to.tag } == ["one", "two", "two"])
        #expect(sent.last?.requestURIText == "sip:bob@192.0.2.21:5062")
        test.receive(sent[2].response(200))
        #expect(test.reports.filter { $0.hasPrefix("callEnded") }.isEmpty)
        #expect(test.reports.filter { $0.hasPrefix("callAnswered") }.count == 1)
    }

    @Test func aChallengedCallGoesOnWithCredentialsThatTheACKRepeats() throws {
        var (test, invite) = try Self.calling()
        test.receive(TestAgent.challenge(invite, 407, nonce: "n1"))
        let sent = test.all()
        #expect(Set(sent.map(\.method)) == [.ack, .invite])
        let again = try #require(sent.first { $0.method == .invite })
        #expect(try again.callID == invite.callID)
        #expect(try again.cseq.number == 2)
        test.receive(Self.answer(again, 200, tag: "one"))
        let ack = try test.take()
        #expect(try ack.cseq == CSeq(2, .ack))
        #expect(ack.value(.proxyAuthorization)?.string == again.value(.proxyAuthorization)?.string)
        // A BYE whose nonce has grown old meanwhile is repeated with the next number.
        test.tell(.end(Self.placed))
        let bye = try test.take()
        #expect(try bye.cseq.number == 3)
        test.receive(TestAgent.challenge(bye, 407, nonce: "n2", stale: true))
        let secondBye = try test.take()
        #expect(try secondBye.cseq.number == 4)
        #expect(try secondBye.proxyAuthorization.first?["nonce"] == "n2")
    }

    @Test func aCallGivenUpWhileItIsChallengedIsNotRepeated() throws {
        var (test, invite) = try Self.calling()
        test.tell(.end(Self.placed))
        test.receive(TestAgent.challenge(invite, 407, nonce: "n1"))
        #expect(test.all().map(\.method) == [.ack])
        #expect(test.reports.map { $0.hasPrefix("callEnded") } == [true])
    }

    @Test(arguments: [302, 404, 486, 503, 603]) func aRefusalEndsTheCall(status: Int) throws {
        var (test, invite) = try Self.calling()
        test.receive(Self.answer(invite, 180, tag: "one"))
        test.receive(invite.response(status, toTag: "one"))
        #expect(test.all().map(\.method) == [.ack])
        let reason = StatusCode.reasonPhrase(status)
        #expect(test.reports.last == "callEnded placed call 1 rejected: \(status) \(reason)")
    }

    @Test(arguments: ["", "nonsense", "v=0\r\nm=audio 1 RTP/AVP 0\r\nm=audio 2 RTP/AVP 0\r\n"])
    func anAnswerThatMakesNoSessionIsAcknowledgedAndEnded(body: String) throws {
        var (test, invite) = try Self.calling()
        test.receive(Self.answer(invite, 200, tag: "one", body: Array(body.utf8)))
        #expect(test.all().map(\.method) == [.ack, .bye])
        #expect(test.reports.map { $0.hasPrefix("callEnded placed call 1 failed") } == [true])
    }

    @Test func aByeThatNobodyAnswersEndsTheCallAllTheSame() throws {
        var (test, invite) = try Self.calling()
        test.receive(Self.answer(invite, 200, tag: "one"))
        test.tell(.end(Self.placed))
        test.wait(.seconds(32))
        #expect(test.reports.last == "callEnded placed call 1 ended here")
    }

    @Test func whoIsInAsManyCallsAsTheyCanHoldMakesNoOther() {
        var test = TestAgent { $0.maximumCalls = 1 }
        test.tell(.call(Self.placed, to: SIPURI("sip:bob@example.org")!))
        test.tell(.call(.placed(2), to: SIPURI("sip:carol@example.org")!))
        #expect(test.reports == ["callEnded placed call 2 failed: too many calls"])
    }
}
