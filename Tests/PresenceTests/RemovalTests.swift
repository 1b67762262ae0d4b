import Presence
import Primitives
import SIPMessages
import Testing
import XMLTree

@Suite("A user who was removed")
struct RemovalTests {
    @Test("What the user published goes, here, in the overlay and in the journal, and watchers are told")
    func publications() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("a", "open"))
        let tag = try driver.response?.sipETag
        try driver.publish(tuple("b", "open"))
        try driver.subscribe(expires: 600)
        driver.answer(driver.sent[0])
        driver.handle(.remove(AgentDriver.alice))
        #expect(
            driver.actions.contains { if case .publish(AgentDriver.alice, nil, _, _) = $0 { true } else { false } })
        #expect(driver.observed == [.published(AgentDriver.alice, .closed, note: nil)])
        #expect(driver.sent.map { summary($0.document) } == ["\(Composition.neutralID)=closed"])
        #expect(driver.sent.map(\.state) == ["active;expires=600"])
        #expect(driver.agent.publicationCount == 0)
        #expect(driver.journal[.publication] == [:])
        #expect(try driver.publish(tag: tag) == 412)
        driver.restart()
        driver.advance(.hours(2))
        #expect(!driver.actions.contains { if case .publish(_, .some, _, _) = $0 { true } else { false } })
    }

    @Test("The user's own subscriptions end at once, others' go on")
    func subscriptions() throws {
        var driver = AgentDriver()
        try driver.subscribe(call: "bob1", expires: 600)
        let tag = try driver.response?.to.tag
        driver.answer(driver.sent[0])
        // This one still waits for the answer to its first NOTIFY.
        try driver.subscribe(call: "bob2", expires: 600, uri: "sip:carol@example.org")
        let waiting = driver.sent[0]
        try driver.subscribe(call: "dave", expires: 600, as: AddressOfRecord("dave@example.org")!)
        driver.answer(driver.sent[0])
        driver.handle(.remove(AgentDriver.bob))
        #expect(driver.sent.map(\.state) == ["terminated;reason=rejected"])
        #expect(driver.sent.map { try? $0.message.callID } == ["bob1"])
        #expect(driver.sent.allSatisfy { $0.message.body.isEmpty })
        #expect(
            driver.observed == [
                .stoppedWatching(watcher: "bob@example.org", EventResource(AgentDriver.alice), .removed),
                .stoppedWatching(
                    watcher: "bob@example.org", EventResource(AddressOfRecord("carol@example.org")!), .removed),
            ])
        #expect(driver.journal[.subscription]?.count == 1)
        #expect(driver.answer(driver.sent[0]).isEmpty)
        let last = driver.answer(waiting)
        #expect(last.map(\.state) == ["terminated;reason=rejected"])
        driver.answer(last[0])
        #expect(driver.agent.subscriptionCount == 1)
        #expect(try driver.subscribe(call: "bob1", to: tag, cseq: 2, expires: 600) == 481)
        try driver.publish(tuple("a", "open"))
        #expect(driver.sent.map { try? $0.message.callID } == ["dave"])
    }

    @Test("Nothing is said of a user who neither published nor watched")
    func stranger() throws {
        var driver = AgentDriver()
        try driver.subscribe(expires: 600)
        driver.handle(.remove(AddressOfRecord("carol@example.org")!))
        #expect(driver.actions.isEmpty)
    }
}
