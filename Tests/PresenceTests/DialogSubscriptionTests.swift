import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

@testable import Presence

/// Busy lamps: what watchers of calls are told.
@Suite struct DialogSubscriptionTests {
    private func information(_ states: (String, DialogState)...) -> DialogInformation {
        DialogInformation(
            dialogs: states.map { ObservedDialog(id: $0.0, direction: .initiator, state: $0.1) })
    }

    private func states(_ sent: AgentDriver.Sent?) -> [String] {
        (sent?.document?.elements ?? []).compactMap { $0.elements.first { $0.name.local == "state" }.map(\.text) }
    }

    @Test func callsOfTheProxyLightALampAndPutItOut() throws {
        var driver = AgentDriver()
        try driver.subscribe(event: "dialog")
        driver.answer(driver.sent[0])
        driver.handle(.dialogs(AgentDriver.alice, information(("c1", .early)), isNews: true))
        #expect(states(driver.sent.first) == ["early"])
        driver.answer(driver.sent[0])
        driver.handle(.dialogs(AgentDriver.alice, information(("c1", .terminated)), isNews: true))
        #expect(states(driver.sent.first) == ["terminated"])
        driver.answer(driver.sent[0])
        // That it is forgotten is no news.
        driver.handle(.dialogs(AgentDriver.alice, information(), isNews: false))
        #expect(driver.sent.isEmpty)
    }

    /// While nobody watches nothing is composed; what went on then must not be missed later.
    @Test func whoComesLaterSeesTheCallsThatWereThere() throws {
        var driver = AgentDriver()
        driver.handle(.dialogs(AgentDriver.alice, information(("c1", .early)), isNews: true))
        driver.handle(.dialogs(AgentDriver.alice, information(("c1", .confirmed), ("c2", .early)), isNews: true))
        let resource = EventResource(AgentDriver.alice, .dialog)
        #expect(driver.agent.resources[resource]?.localDocument == nil)
        try driver.subscribe(event: "dialog")
        #expect(states(driver.sent.first) == ["confirmed", "early"])
        #expect(driver.agent.resources[resource]?.localDocument != nil, "other nodes are shown it")
        driver.answer(driver.sent[0])
        driver.handle(.dialogs(AgentDriver.alice, information(("c1", .confirmed)), isNews: true))
        #expect(states(driver.sent.first) == ["confirmed"])
    }

    @Test func versionsGrowByOneAndOutliveARestart() throws {
        var driver = AgentDriver()
        try driver.subscribe(event: "dialog")
        let first = driver.sent[0].document?[attribute: XMLName("version")].flatMap { Int($0) }
        #expect(first == 0)
        driver.answer(driver.sent[0])
        driver.handle(.dialogs(AgentDriver.alice, information(("c1", .confirmed)), isNews: true))
        #expect(driver.sent.first?.document?[attribute: XMLName("version")] == "1")
        driver.restart()
        driver.advance(.seconds(2))
        let later = driver.sent.first?.document?[attribute: XMLName("version")].flatMap { Int($0) } ?? 0
        #expect(later > 1)
    }

    @Test func aPhonePublishesItsCallsItself() throws {
        var driver = AgentDriver()
        try driver.subscribe(event: "dialog")
        driver.answer(driver.sent[0])
        let body = """
            <?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" \
            entity="sip:alice@example.org"><dialog id="d1"><state>confirmed</state></dialog></dialog-info>
            """
        #expect(try driver.publish(body, type: "application/dialog-info+xml", event: "dialog") == 200)
        #expect(states(driver.sent.first) == ["confirmed"])
        // And under no other package.
        #expect(try driver.publish(body, type: "application/dialog-info+xml", event: "presence") == 415)
        #expect(try driver.publish(body, type: "application/dialog-info+xml", event: "reg") == 489)
    }

    @Test func aUserWhoIsRemovedHasNoCallsAnyMore() throws {
        var driver = AgentDriver()
        driver.handle(.dialogs(AgentDriver.alice, information(("c1", .confirmed)), isNews: true))
        driver.handle(.remove(AgentDriver.alice))
        #expect(driver.agent.resources.isEmpty)
    }

    @Test func onlyTheUserHearsOfMessages() throws {
        var driver = AgentDriver()
        #expect(try driver.subscribe(event: "message-summary") == 403)
        #expect(try driver.subscribe(call: "own", event: "message-summary", as: AgentDriver.alice) == 200)
        #expect(String(decoding: driver.sent[0].message.body, as: UTF8.self) == "Messages-Waiting: no\r\n")
        driver.answer(driver.sent[0])
        let waiting = "Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n"
        #expect(
            try driver.publish(waiting, type: "application/simple-message-summary", event: "message-summary") == 200)
        let body = driver.sent.first.map { String(decoding: $0.message.body, as: UTF8.self) }
        #expect(body?.contains("Voice-Message: 2/8") == true)
    }
}
