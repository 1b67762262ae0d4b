import Primitives
import SIPMessages
import Testing
import XMLTree

@testable import Presence

/// What is said of a user whether they are anywhere or not: their own document about it, and when they were last seen.
@Suite struct LastingTests {
    private let alice = AgentDriver.alice

    private func document(_ inner: String) throws -> PresenceDocument {
        try PresenceDocument(parsing: Array(PresenceFixtures.document(inner).utf8))
    }

    private func text(_ driver: AgentDriver) -> String {
        String(decoding: driver.agent.document(of: alice) ?? [], as: UTF8.self)
    }

    private static func version(_ instant: Instant) -> Int64 { Int64(instant.nanoseconds / 1_000) }

    private static let busy = "<dm:person id='me'><r:activities><r:meeting/></r:activities></dm:person>"

    @Test func theUsersDocumentIsOneMoreSource() throws {
        var driver = AgentDriver()
        try driver.subscribe()
        driver.answer(driver.sent[0])
        driver.handle(.manualState(alice, try document(Self.busy + tuple("m", "open")), version: 5))
        #expect(summary(driver.sent.first?.document) == "m=open")
        #expect(text(driver).contains("meeting"))
        driver.answer(driver.sent[0])
        // It stands beside what is published, and outlasts it.
        try driver.publish(tuple("t1", "closed"), expires: 60)
        #expect(summary(driver.sent.first?.document) == "t1=closed m=open")
        driver.answer(driver.sent[0])
        driver.advance(.seconds(61))
        #expect(summary(driver.sent.first?.document) == "m=open")
        driver.answer(driver.sent[0])
        // What is known already is no news, and what is taken back is.
        driver.handle(.manualState(alice, try document(tuple("m", "open")), version: 5))
        #expect(driver.sent.isEmpty)
        driver.handle(.manualState(alice, nil, version: 0))
        #expect(summary(driver.sent.first?.document) == "nobody=closed")
        #expect(!text(driver).contains("meeting"))
    }

    @Test func theFresherOfTwoThatNameTheSameTupleStays() throws {
        var driver = AgentDriver()
        driver.handle(.manualState(alice, try document(tuple("t", "open")), version: Self.version(driver.now)))
        driver.advance(.seconds(1))
        try driver.publish(tuple("t", "closed"), expires: 3_600)
        #expect(text(driver).contains("closed"))
        driver.advance(.seconds(1))
        driver.handle(.manualState(alice, try document(tuple("t", "open")), version: Self.version(driver.now)))
        #expect(text(driver).contains("open"))
        // Nodes that read the whole record know it by themselves; those of whom it is kept are told it.
        let published = driver.actions.compactMap { action in
            if case .publish(_, let document, _, _) = action { document } else { nil }
        }
        #expect(published.map { String(decoding: $0, as: UTF8.self).contains("open") } == [false])
        let outside = driver.agent.resources[EventResource(alice)]?.outsideDocument ?? []
        #expect(String(decoding: outside, as: UTF8.self).contains("open"))
    }

    /// Whoever leaves another node is seen nowhere from then on.
    @Test func whoLeftAnotherNodeWasSeenThen() throws {
        var driver = AgentDriver()
        try driver.subscribe()
        driver.answer(driver.sent[0])
        let far = AgentDriver.farNode.bits.bytes
        let there = Array(PresenceFixtures.document(tuple("far", "open")).utf8)
        driver.handle(.remoteDocument(EventResource(alice), source: far, document: there, version: 7))
        driver.answer(driver.sent[0])
        driver.advance(.seconds(90))
        driver.handle(
            .remoteDocument(
                EventResource(alice), source: far, document: Composition.offlineDocument(of: alice), version: 8))
        #expect(text(driver).contains("<timestamp>\(SIPDate.dateTime(driver.now))</timestamp>"))
        let seen = text(driver)
        driver.advance(.seconds(90))
        driver.handle(.remoteGone(EventResource(alice), source: far))
        #expect(text(driver) == seen)
    }

    /// A registered phone is a weaker sign than what somebody wrote down.
    @Test func itIsNoSignOfTheUser() throws {
        var driver = AgentDriver()
        driver.handle(.manualState(alice, try document(Self.busy), version: 5))
        #expect(text(driver).contains("nobody") && text(driver).contains("meeting"))
        try driver.subscribe()
        let far = AgentDriver.farNode.bits.bytes
        driver.handle(
            .remoteDocument(
                EventResource(alice), source: far,
                document: Array(PresenceFixtures.document(tuple("far", "open")).utf8),
                version: 7))
        driver.handle(.remoteSource(EventResource(alice), source: far, reachable: false))
        #expect(text(driver).contains("far") && text(driver).contains("meeting"))
        driver.handle(.remove(alice))
        #expect(!text(driver).contains("meeting"))
    }

    @Test func lastSeenIsToldToThoseWhoAreAllowedAlone() throws {
        var driver = AgentDriver()
        let rule = RulesetFixtures.rule("r", if: RulesetFixtures.one(AgentDriver.bob), "polite-block")
        try driver.subscribe()
        #expect(Array(driver.sent[0].message.body) == Composition.offlineDocument(of: alice))
        driver.answer(driver.sent[0])
        try driver.publish(tuple("t1", "open"))
        let tag = try #require(driver.response?.value(.sipETag)).string
        driver.answer(driver.sent[0])
        driver.advance(.seconds(60))
        try driver.publish(tag: tag, expires: 0)
        let gone = try #require(driver.sent.first?.document?.first(PIDF.tuple))
        #expect(gone.first(XMLName("timestamp", in: PIDF.namespace))?.text == SIPDate.dateTime(driver.now))
        #expect(summary(driver.sent.first?.document) == "nobody=closed")
        driver.answer(driver.sent[0])
        let seen = text(driver)

        // It is the same after a restart, and whoever is turned away politely sees somebody who never was there.
        driver.restart()
        driver.advance(.seconds(120))
        #expect(text(driver) == seen)
        driver.handle(.rules(alice, try RulesetFixtures.ruleset(rule), externalLists: [:]))
        try driver.subscribe(call: "another", from: "w2")
        #expect(Array(driver.sent[0].message.body) == Composition.offlineDocument(of: alice))
        if PresenceFixtures.schema != nil {
            #expect(try PresenceFixtures.schemaComplaints(about: Array(seen.utf8)) == "")
        }
    }

    /// Whoever is back is not away any more, and whoever says how they are is still not here.
    @Test func beingBackEndsIt() throws {
        var driver = AgentDriver()
        try driver.subscribe()
        try driver.publish(tuple("t1", "open"), expires: 60)
        driver.advance(.seconds(61))
        #expect(text(driver).contains("<timestamp>"))
        driver.handle(.manualState(alice, try document(Self.busy), version: 5))
        #expect(text(driver).contains("<timestamp>") && text(driver).contains("meeting"))
        try driver.publish(tuple("t1", "open"))
        #expect(!text(driver).contains("<timestamp>") && text(driver).contains("meeting"))
    }
}
