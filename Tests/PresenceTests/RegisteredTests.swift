import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

@testable import Presence

/// What registrations alone say of a presentity.
@Suite struct RegisteredTests {
    private static let binding = Binding(
        aor: AgentDriver.alice, contact: SIPURI("sip:alice@198.51.100.9:5062")!, flow: AgentDriver.phone, callID: "r1",
        cseq: 1, expires: Instant(secondsSince1970: 1_800_003_600))

    private func shown(_ driver: AgentDriver) -> String {
        String(decoding: driver.agent.document(of: AgentDriver.alice) ?? [], as: UTF8.self)
    }

    @Test func whoHasAPhoneAndPublishesNothingIsOpen() throws {
        var driver = AgentDriver()
        try driver.subscribe()
        driver.answer(driver.sent[0])
        driver.handle(.bindings(AgentDriver.alice, [Self.binding]))
        #expect(summary(driver.sent.first?.document) == "registered=open")
        driver.answer(driver.sent[0])
        // A refresh, or a second phone, is no news.
        driver.handle(.bindings(AgentDriver.alice, [Self.binding, Self.binding]))
        #expect(driver.sent.isEmpty)
        driver.handle(.bindings(AgentDriver.alice, []))
        #expect(summary(driver.sent.first?.document) == "nobody=closed")
    }

    @Test func whatIsPublishedStandsInPlaceOfIt() throws {
        var driver = AgentDriver()
        try driver.subscribe()
        driver.handle(.bindings(AgentDriver.alice, [Self.binding]))
        try driver.publish(tuple("t1", "closed"))
        let published = shown(driver)
        #expect(published.contains("t1") && !published.contains("registered"))
        driver.handle(.bindings(AgentDriver.alice, []))
        #expect(shown(driver) == published)
    }

    /// A phone that quits takes back what it published, and may stay registered until that runs out.
    @Test func whoTakesBackWhatWasPublishedIsAway() throws {
        var driver = AgentDriver()
        try driver.subscribe()
        driver.handle(.bindings(AgentDriver.alice, [Self.binding]))
        try driver.publish(tuple("t1", "open"))
        let tag = try #require(driver.response?.value(.sipETag)).string
        try driver.publish(tag: tag, expires: 0)
        #expect(!shown(driver).contains("open"))
        driver.handle(.bindings(AgentDriver.alice, [Self.binding]))
        #expect(!shown(driver).contains("open"))
        driver.handle(.bindings(AgentDriver.alice, []))
        driver.handle(.bindings(AgentDriver.alice, [Self.binding]))
        #expect(shown(driver).contains("open"))
    }

    @Test func otherNodesSeeItFromTheRegistrationAndNotFromARecord() throws {
        var driver = AgentDriver()
        driver.handle(.bindings(AgentDriver.alice, [Self.binding]))
        let published = driver.actions.contains { if case .publish = $0 { true } else { false } }
        #expect(!published)
    }

    @Test func whereAUserIsRegisteredIsToldToTheUser() throws {
        var driver = AgentDriver()
        driver.handle(.bindings(AgentDriver.alice, [Self.binding]))
        try driver.subscribe(event: "reg", as: AgentDriver.alice)
        let first = try #require(driver.sent.first?.document)
        #expect(driver.sent[0].message.value(.contentType).map(\.string) == "application/reginfo+xml")
        let contacts = first.elements.flatMap(\.elements)
        #expect(contacts.map { $0[attribute: XMLName("state")] } == ["active"])
        #expect(first[attribute: XMLName("version")] == "0")
        driver.answer(driver.sent[0])
        driver.handle(.bindings(AgentDriver.alice, []))
        let second = try #require(driver.sent.first?.document)
        #expect(second.elements.first?[attribute: XMLName("state")] == "terminated")
        #expect(second[attribute: XMLName("version")] == "1")
    }

    /// A fetch leaves nothing behind.
    @Test func aFetchSeesTheRegistration() throws {
        var driver = AgentDriver()
        driver.handle(.bindings(AgentDriver.alice, [Self.binding]))
        try driver.subscribe(expires: 0)
        #expect(summary(driver.sent.first?.document) == "registered=open")
        #expect(driver.agent.resources.isEmpty)
    }
}
