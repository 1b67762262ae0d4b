import OverlayNode
import Primitives
import SIPMessages
import Testing

/// Busy lamps, waiting messages and registrations of users whose phones are at another gateway than who watches.
@Suite struct StateAcrossGatewaysTests {
    /// alice and carol have phones at gateway 0, bob has one at gateway 1. dave and erin have accounts.
    private struct Office {
        var mesh: Mesh
        var alice = Phone("alice", port: 6001, server: 0)
        var carol = Phone("carol", port: 6003, server: 0)
        var bob = Phone("bob", port: 6002, server: 1)

        init(seed: UInt64) throws {
            mesh = try Mesh.twoGateways(seed: seed)
            for user in ["dave", "erin"] {
                _ = mesh.ask(.userAdd(addressOfRecord: "\(user)@example.org", password: "pw-\(user)"), at: 0)
            }
            #expect(alice.register(&mesh, password: "pw-alice") == 200)
            #expect(carol.register(&mesh, password: "pw-carol") == 200)
            #expect(bob.register(&mesh, password: "pw-bob") == 200)
            mesh.run(for: .seconds(2))
        }

        /// The gateway is killed, and started again on what it wrote down.
        mutating func restart(_ gateway: Int) throws {
            mesh.kill(gateway)
            mesh.run(for: .seconds(2))
            // A first node that is killed so early remembers nobody.
            mesh.configure(gateway) { $0.bootstrap = [Mesh.overlayEndpoint(1 - gateway)] }
            try mesh.restart(gateway)
        }

        /// bob's lamp for alice.
        mutating func watch(_ event: String = "dialog") {
            #expect(bob.watch(&mesh, alice.uri, event) == 200)
        }
    }

    @Test func aLampFollowsCallsAtAnotherGateway() throws {
        var office = try Office(seed: 81)
        office.watch()
        #expect(office.bob.lamp(&office.mesh) == ["terminated"])
        let call = try Call(&office.mesh, from: office.alice, to: office.carol)
        #expect(office.bob.lamp(&office.mesh) == ["trying"])
        call.answer(&office.mesh, 180)
        #expect(office.bob.lamp(&office.mesh) == ["early"])
        call.answer(&office.mesh, 200)
        #expect(office.bob.lamp(&office.mesh) == ["confirmed"])
        #expect(call.hangUp(&office.mesh))
        #expect(office.bob.lamp(&office.mesh) == ["terminated"])
    }

    @Test func bothGatewaysOfACallSayTheSameOfIt() throws {
        var office = try Office(seed: 82)
        office.watch()
        var dave = Phone("dave", port: 6004, server: 1)
        #expect(dave.register(&office.mesh, password: "pw-dave") == 200)
        let call = try Call(&office.mesh, from: dave, to: office.alice)
        call.answer(&office.mesh, 200)
        #expect(office.bob.lamp(&office.mesh) == ["confirmed"])
        #expect(call.hangUp(&office.mesh))
        #expect(office.bob.lamp(&office.mesh) == ["terminated"])
    }

    @Test func twoPhonesAtTwoGatewaysAreOneUser() throws {
        var office = try Office(seed: 83)
        office.watch()
        var second = Phone("alice", port: 6005, server: 1)
        var dave = Phone("dave", port: 6004, server: 1)
        #expect(second.register(&office.mesh, password: "pw-alice") == 200)
        #expect(dave.register(&office.mesh, password: "pw-dave") == 200)
        let there = try Call(&office.mesh, from: office.alice, to: office.carol)
        there.answer(&office.mesh, 200)
        #expect(office.bob.lamp(&office.mesh) == ["confirmed"])
        let here = try Call(&office.mesh, from: second, to: dave)
        here.answer(&office.mesh, 200)
        #expect(office.bob.lamp(&office.mesh) == ["confirmed", "confirmed"])
        #expect(here.hangUp(&office.mesh))
        #expect(office.bob.lamp(&office.mesh).sorted() == ["confirmed", "terminated"])
        #expect(there.hangUp(&office.mesh))
        #expect(office.bob.lamp(&office.mesh) == ["terminated", "terminated"])
    }

    /// While the user has a phone here, what a node says that can't be reached does not count. As soon as it can be reached
    /// again it does.
    @Test func aLampIsLitAgainSoonAfterContactWasLost() throws {
        var office = try Office(seed: 95)
        office.watch()
        var second = Phone("alice", port: 6005, server: 1)
        #expect(second.register(&office.mesh, password: "pw-alice") == 200)
        let call = try Call(&office.mesh, from: office.alice, to: office.carol)
        call.answer(&office.mesh, 200)
        #expect(office.bob.lamp(&office.mesh) == ["confirmed"])
        office.mesh.cut(0)
        #expect(office.bob.lamp(&office.mesh, within: .minutes(10)) == ["terminated"])
        office.mesh.cut(0, false)
        #expect(office.bob.lamp(&office.mesh, within: .seconds(45)) == ["confirmed"])
        // However long it takes.
        office.mesh.cut(0)
        #expect(office.bob.lamp(&office.mesh, within: .minutes(10)) == ["terminated"])
        office.mesh.run(for: .minutes(4))
        office.mesh.cut(0, false)
        #expect(office.bob.lamp(&office.mesh, within: .minutes(3)) == ["confirmed"])
    }

    @Test func messagesWaitWhereverTheyCameIn() throws {
        var office = try Office(seed: 84)
        var second = Phone("alice", port: 6005, server: 1)
        #expect(office.bob.watch(&office.mesh, office.alice.uri, "message-summary") == 403)
        #expect(second.watch(&office.mesh, second.uri, "message-summary") == 200)
        #expect(second.told(&office.mesh)?.contains("Messages-Waiting: no") == true)
        let published = office.alice.perform(
            &office.mesh, .publish, to: office.alice.uri, password: "pw-alice",
            headers: [(.event, "message-summary"), (.expires, "600")],
            body: Array("Messages-Waiting: yes\r\nVoice-Message: 2/1 (0/0)\r\n".utf8),
            contentType: "application/simple-message-summary")
        #expect(published?.statusCode == 200)
        let told = try #require(second.told(&office.mesh))
        #expect(told.contains("Messages-Waiting: yes") && told.contains("Voice-Message: 2/1"))
    }

    /// As a voice mail system does, which registers nowhere.
    @Test func messagesArePublishedWhereNoPhoneIsRegistered() throws {
        var mesh = try Mesh.twoGateways(seed: 96)
        var phone = Phone("alice", port: 6001, server: 1)
        var mailbox = Phone("alice", port: 6007, server: 0)
        #expect(phone.register(&mesh, password: "pw-alice") == 200)
        #expect(phone.watch(&mesh, phone.uri, "message-summary") == 200)
        #expect(phone.told(&mesh)?.contains("Messages-Waiting: no") == true)
        let published = mailbox.perform(
            &mesh, .publish, to: mailbox.uri, password: "pw-alice",
            headers: [(.event, "message-summary"), (.expires, "90")],
            body: Array("Messages-Waiting: yes\r\n".utf8), contentType: "application/simple-message-summary")
        #expect(published?.statusCode == 200)
        #expect(phone.told(&mesh)?.contains("Messages-Waiting: yes") == true)
        // Nobody is called there.
        var bob = Phone("bob", port: 6002, server: 0)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        _ = try Call(&mesh, from: bob, to: phone)
        #expect(phone.told(&mesh, within: .seconds(100))?.contains("Messages-Waiting: no") == true)
    }

    @Test func aRegistrationIsSeenFromAnotherGateway() throws {
        var office = try Office(seed: 85)
        office.watch("reg")
        let first = try #require(office.bob.told(&office.mesh))
        #expect(first.contains("127.0.0.1:6001") && first.contains("state=\"active\""))
        #expect(office.alice.register(&office.mesh, password: "pw-alice", expires: 0) == 200)
        var second = Phone("alice", port: 6005, server: 0)
        #expect(second.register(&office.mesh, password: "pw-alice") == 200)
        let last = try #require(office.bob.told(&office.mesh))
        #expect(last.contains("127.0.0.1:6005") && last.contains("state=\"active\""))
    }

    @Test func aLampIsRightAfterItsGatewayDiedAndThePhoneMoved() throws {
        var office = try Office(seed: 86)
        office.watch()
        let call = try Call(&office.mesh, from: office.alice, to: office.carol)
        call.answer(&office.mesh, 200)
        #expect(office.bob.lamp(&office.mesh) == ["confirmed"])
        office.mesh.kill(0)
        var moved = Phone("alice", port: 6005, server: 1)
        #expect(moved.register(&office.mesh, password: "pw-alice") == 200)
        #expect(office.bob.lamp(&office.mesh, within: .seconds(330)) == ["terminated"])
        var dave = Phone("dave", port: 6004, server: 1)
        #expect(dave.register(&office.mesh, password: "pw-dave") == 200)
        let next = try Call(&office.mesh, from: moved, to: dave)
        next.answer(&office.mesh, 200)
        #expect(office.bob.lamp(&office.mesh) == ["confirmed"])
        #expect(next.hangUp(&office.mesh))
        #expect(office.bob.lamp(&office.mesh) == ["terminated"])
    }

    /// Nobody is there to say that the call ended: with the registration the lamp goes out.
    @Test func aLampOfADeadGatewayGoesOut() throws {
        var office = try Office(seed: 87)
        #expect(office.alice.register(&office.mesh, password: "pw-alice", expires: 300) == 200)
        office.watch()
        let call = try Call(&office.mesh, from: office.alice, to: office.carol)
        call.answer(&office.mesh, 200)
        #expect(office.bob.lamp(&office.mesh) == ["confirmed"])
        office.mesh.kill(0)
        #expect(office.bob.lamp(&office.mesh, within: .seconds(400)) == ["terminated"])
    }

    @Test func lossDelaysALampAndDoesNotLeaveItWrong() throws {
        var office = try Office(seed: 88)
        office.watch()
        office.mesh.loseDatagrams(oneIn: 10)
        for _ in 0..<3 {
            let call = try Call(&office.mesh, from: office.alice, to: office.carol)
            // The next request has another branch.
            office.alice = call.caller
            call.answer(&office.mesh, 180)
            call.answer(&office.mesh, 200)
            var last = office.bob.lamp(&office.mesh, within: .seconds(20))
            #expect(last.last == "confirmed" || last.first == "confirmed")
            #expect(call.hangUp(&office.mesh))
            last = office.bob.lamp(&office.mesh, within: .seconds(20))
            #expect(!last.isEmpty && last.allSatisfy { $0 == "terminated" })
        }
    }

    @Test func aListOfLampsCoversOtherGateways() throws {
        var office = try Office(seed: 89)
        let list = """
            <?xml version="1.0"?><resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>\
            <entry uri="sip:alice@example.org"/><entry uri="sip:bob@example.org"/></list></resource-lists>
            """
        let answer = office.bob.perform(
            &office.mesh, .subscribe, to: SIPURI("sip:lamps@example.org")!, password: "pw-bob",
            headers: [
                (.event, "dialog"), (.expires, "600"), (.contact, office.bob.contact), (.supported, "eventlist"),
                (.require, "recipient-list-subscribe"), (.contentDisposition, "recipient-list"),
                (.accept, "application/dialog-info+xml, application/rlmi+xml, multipart/related"),
            ], body: Array(list.utf8), contentType: "application/resource-lists+xml")
        #expect(answer?.statusCode == 200)
        let call = try Call(&office.mesh, from: office.alice, to: office.carol)
        call.answer(&office.mesh, 200)
        #expect(office.bob.told(&office.mesh)?.contains(">confirmed<") == true)
        #expect(call.hangUp(&office.mesh))
        #expect(office.bob.told(&office.mesh)?.contains(">confirmed<") == false)
    }

    /// The gateway of the watched phone is killed in the middle of a call, and comes back before the call ends.
    @Test func aLampStaysLitOverARestartUntilTheCallEnds() throws {
        var office = try Office(seed: 91)
        office.watch()
        #expect(office.carol.watch(&office.mesh, office.alice.uri, "dialog") == 200)
        let call = try Call(&office.mesh, from: office.alice, to: office.carol)
        call.answer(&office.mesh, 200)
        #expect(office.bob.lamp(&office.mesh) == ["confirmed"])
        #expect(office.carol.lamp(&office.mesh) == ["confirmed"])
        try office.restart(0)
        for _ in 0..<6 {
            let seen = [office.bob.lamp(&office.mesh), office.carol.lamp(&office.mesh)]
            #expect(seen.allSatisfy { $0.isEmpty || $0 == ["confirmed"] })
        }
        #expect(call.hangUp(&office.mesh))
        #expect(office.bob.lamp(&office.mesh) == ["terminated"])
        #expect(office.carol.lamp(&office.mesh) == ["terminated"])
        #expect(office.mesh.members[0].journal[.call]?.isEmpty == true)
    }

    /// The gateway of the watcher is killed: its phone's subscription goes on, and is not told in between that nobody calls.
    @Test func aLampStaysLitOverARestartOfTheWatchersGateway() throws {
        var office = try Office(seed: 92)
        office.watch()
        let call = try Call(&office.mesh, from: office.alice, to: office.carol)
        call.answer(&office.mesh, 200)
        #expect(office.bob.lamp(&office.mesh) == ["confirmed"])
        try office.restart(1)
        for _ in 0..<3 {
            let seen = office.bob.lamp(&office.mesh)
            #expect(seen.isEmpty || seen == ["confirmed"])
        }
        #expect(call.hangUp(&office.mesh))
        #expect(office.bob.lamp(&office.mesh) == ["terminated"])
    }

    @Test func aCallThatEndedUnseenDoesNotKeepALampLit() throws {
        var office = try Office(seed: 93)
        office.watch()
        let call = try Call(&office.mesh, from: office.alice, to: office.carol)
        call.answer(&office.mesh, 200, headers: [(.sessionExpires, "120;refresher=uac")])
        #expect(office.bob.lamp(&office.mesh) == ["confirmed"])
        try office.restart(0)
        let seen = office.bob.lamp(&office.mesh, within: .seconds(20))
        #expect(seen.isEmpty || seen == ["confirmed"])
        #expect(office.bob.lamp(&office.mesh, within: .seconds(160)) == ["terminated"])
    }

    @Test func whoTookBackWhatTheyPublishedIsAwayAfterARestart() throws {
        var office = try Office(seed: 94)
        #expect(office.bob.watch(&office.mesh, office.alice.uri, "presence") == 200)
        let publish = { (office: inout Office, expires: Int, tag: String?) -> String? in
            office.alice.perform(
                &office.mesh, .publish, to: office.alice.uri, password: "pw-alice",
                headers: [(.event, "presence"), (.expires, "\(expires)")] + (tag.map { [(.sipIfMatch, $0)] } ?? []),
                body: tag == nil ? Phone.presence("alice", "open", note: "here", tuple: "t") : [],
                contentType: tag == nil ? "application/pidf+xml" : nil)?.value(.sipETag)?.string
        }
        let tag = try #require(publish(&office, 600, nil))
        #expect(office.bob.told(&office.mesh)?.contains(">open<") == true)
        _ = publish(&office, 0, tag)
        #expect(office.bob.told(&office.mesh)?.contains(">open<") == false)
        try office.restart(0)
        #expect(office.bob.told(&office.mesh, within: .seconds(20))?.contains(">open<") != true)
        // Until the phone is gone, and is back.
        #expect(office.alice.register(&office.mesh, password: "pw-alice", expires: 0) == 200)
        #expect(office.alice.register(&office.mesh, password: "pw-alice") == 200)
        #expect(office.bob.told(&office.mesh)?.contains(">open<") == true)
    }

    @Test func whoWatchesAtAnotherGatewayIsToldOf() throws {
        var office = try Office(seed: 95)
        #expect(office.alice.watch(&office.mesh, office.alice.uri, "presence.winfo") == 200)
        #expect(office.alice.told(&office.mesh)?.contains("<watcher ") == false)
        #expect(office.bob.watch(&office.mesh, office.alice.uri, "presence") == 200)
        let told = try #require(office.alice.told(&office.mesh))
        #expect(told.contains("sip:bob@example.org") && told.contains("status=\"active\""))
        let response = office.bob.perform(
            &office.mesh, .subscribe, to: office.alice.uri, password: "pw-bob",
            headers: [(.event, "presence"), (.expires, "0"), (.contact, office.bob.contact)])
        #expect(response?.statusCode == 200)
        // The subscription that was refreshed for ten minutes is another one than the fetch.
        #expect(office.alice.told(&office.mesh) == nil)
        var second = Phone("alice", port: 6005, server: 0)
        #expect(second.register(&office.mesh, password: "pw-alice") == 200)
        #expect(second.watch(&office.mesh, second.uri, "presence.winfo") == 200)
        #expect(second.told(&office.mesh)?.contains("sip:bob@example.org") == true)
    }

    @Test func rulesOfAnotherDomainDecideAboutALamp() throws {
        var mesh = try Mesh.twoDomains(seed: 90)
        var alice = Phone("alice", port: 6001, server: 0)
        var bob = Phone("bob", port: 6002, server: 0)
        var carol = Phone("carol", port: 6003, server: 1, domain: "example.net")
        var dave = Phone("dave", port: 6004, server: 1, domain: "example.net")
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        let rules = """
            <cp:ruleset xmlns="urn:ietf:params:xml:ns:pres-rules" xmlns:cp="urn:ietf:params:xml:ns:common-policy">\
            <cp:rule id="r"><cp:conditions><cp:identity><cp:one id="sip:carol@example.net"/></cp:identity>\
            </cp:conditions><cp:actions><sub-handling>allow</sub-handling></cp:actions><cp:transformations>\
            <provide-services><all-services/></provide-services></cp:transformations></cp:rule></cp:ruleset>
            """
        var client = XCAPClient("alice")
        let put = client.perform(
            &mesh, at: 0, "PUT", client.path("pres-rules"), type: XCAPClient.policy, body: Array(rules.utf8))
        #expect([200, 201].contains(put?.status))
        #expect(carol.watch(&mesh, alice.uri, "dialog") == 200)
        #expect(dave.watch(&mesh, alice.uri, "dialog") == 200)
        _ = dave.told(&mesh)
        let call = try Call(&mesh, from: alice, to: bob)
        call.answer(&mesh, 200)
        let told = try #require(carol.told(&mesh))
        #expect(told.contains(">confirmed<"))
        #expect(!told.contains("bob"), "who may see services alone does not see whom alice talks to")
        #expect(dave.told(&mesh) == nil, "dave waits for alice's consent")
        #expect(call.hangUp(&mesh))
        #expect(carol.told(&mesh)?.contains(">confirmed<") == false)
    }
}
