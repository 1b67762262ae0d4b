import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

@Suite("Presence across nodes")
struct OverlayPresenceTests {
    private let alice = AgentDriver.alice
    private let far: [UInt8] = AgentDriver.farNode.bits.bytes

    private func document(_ inner: String) -> [UInt8] { Array(PresenceFixtures.document(inner).utf8) }

    private func watched() throws -> AgentDriver {
        var driver = AgentDriver()
        try driver.subscribe(expires: 3600)
        driver.answer(driver.sent[0])
        return driver
    }

    @Test("What another node publishes is shown to watchers here, with what is published here")
    func composed() throws {
        var driver = try watched()
        driver.handle(
            .remoteDocument(EventResource(alice), source: far, document: document(tuple("far", "open")), version: 5))
        #expect(driver.sent.map { summary($0.document) } == ["far=open"])
        driver.answer(driver.sent[0])
        try driver.publish(tuple("near", "closed"))
        #expect(driver.sent.map { summary($0.document) } == ["near=closed far=open"])
        driver.answer(driver.sent[0])
        driver.handle(.remoteDocument(EventResource(alice), source: far, document: nil, version: 6))
        #expect(driver.sent.map { summary($0.document) } == ["near=closed"])
    }

    @Test("Only newer versions of a source count, whatever path they come by")
    func versions() throws {
        var driver = try watched()
        driver.handle(
            .remoteDocument(EventResource(alice), source: far, document: document(tuple("a", "open")), version: 5))
        driver.answer(driver.sent[0])
        for version in [5, 4, -1] as [Int64] {
            driver.handle(
                .remoteDocument(
                    EventResource(alice), source: far, document: document(tuple("old", "open")), version: version))
            #expect(driver.sent.isEmpty)
        }
        driver.handle(.remoteDocument(EventResource(alice), source: far, document: nil, version: 4))
        #expect(driver.sent.isEmpty)
        driver.handle(.remoteDocument(EventResource(alice), source: far, document: nil, version: 5))
        #expect(driver.sent.count == 1)
        driver.answer(driver.sent[0])
        driver.handle(
            .remoteDocument(EventResource(alice), source: far, document: document(tuple("a", "open")), version: 5))
        #expect(driver.sent.map { summary($0.document) } == ["a=open"])
    }

    @Test("A document of a node that can't be reached counts only when there is nothing else")
    func unreachable() throws {
        var driver = try watched()
        driver.handle(
            .remoteDocument(EventResource(alice), source: far, document: document(tuple("far", "open")), version: 5))
        driver.answer(driver.sent[0])
        driver.handle(.remoteSource(EventResource(alice), source: far, reachable: false))
        #expect(driver.sent.isEmpty)
        try driver.publish(tuple("near", "open"))
        #expect(driver.sent.map { summary($0.document) } == ["near=open"])
        driver.answer(driver.sent[0])
        driver.handle(.remoteSource(EventResource(alice), source: far, reachable: true))
        #expect(driver.sent.map { summary($0.document) } == ["near=open far=open"])
    }

    @Test("What comes back of this node's own, can't be read, or nobody watches is not taken")
    func ignored() throws {
        var driver = try watched()
        let own = AgentDriver.nodeID.bits.bytes
        driver.handle(
            .remoteDocument(EventResource(alice), source: own, document: document(tuple("t", "open")), version: 5))
        #expect(driver.sent.isEmpty)
        driver.handle(
            .remoteDocument(EventResource(alice), source: far, document: Array("<!DOCTYPE a><a/>".utf8), version: 5))
        #expect(driver.sent.isEmpty)
        let bob = AgentDriver.bob
        driver.handle(
            .remoteDocument(EventResource(bob), source: far, document: document(tuple("t", "open")), version: 5))
        #expect(driver.agent.document(of: bob) == nil)
        for node in 0..<100 as Range<UInt8> {
            driver.handle(
                .remoteDocument(
                    EventResource(alice), source: [node], document: document(tuple("t\(node)", "open")), version: 5))
        }
        let shown = try #require(driver.agent.document(of: alice))
        #expect(try XMLDocument(parsing: shown).root.all(PIDF.tuple).count == 64)
    }

    @Test("Nodes that have nothing to say take no other's place")
    func goneSources() throws {
        var driver = try watched()
        for node in 0..<100 as Range<UInt8> {
            driver.handle(.remoteDocument(EventResource(alice), source: [1, node], document: nil, version: 5))
        }
        #expect(driver.sent.isEmpty)
        // Nor do those that had something once.
        for node in 0..<100 as Range<UInt8> {
            driver.handle(
                .remoteDocument(
                    EventResource(alice), source: [2, node], document: document(tuple("t\(node)", "open")), version: 5))
            driver.handle(.remoteDocument(EventResource(alice), source: [2, node], document: nil, version: 6))
        }
        for node in 0..<64 as Range<UInt8> {
            driver.handle(
                .remoteDocument(
                    EventResource(alice), source: [3, node], document: document(tuple("t\(node)", "open")), version: 5))
        }
        let shown = try #require(driver.agent.document(of: alice))
        #expect(try XMLDocument(parsing: shown).root.all(PIDF.tuple).count == 64)
    }

    @Test("A node that applies the rules itself sees what is published here and no more, with its version")
    func backEnd() throws {
        var driver = try watched()
        driver.handle(
            .remoteDocument(EventResource(alice), source: [7], document: document(tuple("third", "open")), version: 5))
        driver.answer(driver.sent[0])
        let flow = Flow.overlay(AgentDriver.farNode)
        let contact = "<\(OverlayHost.uri(of: AgentDriver.farNode))>"
        try driver.subscribe(call: "back", from: "n", expires: 600, contact: contact, flow: flow, as: nil)
        #expect(driver.response?.value(.contact)?.string == "<\(OverlayHost.uri(of: AgentDriver.nodeID))>")
        #expect(!driver.actions.contains { if case .watchRemote = $0 { true } else { false } })
        let first = try #require(driver.sent.first)
        #expect(first.hop == .node(AgentDriver.farNode))
        #expect(summary(first.document) == "\(Composition.neutralID)=closed")
        driver.answer(first)

        try driver.publish(tuple("near", "open"))
        let tag = try driver.response?.sipETag
        var versions: [Int64] = driver.actions.compactMap {
            if case .publish(_, _, let version, _) = $0 { version } else { nil }
        }
        let second = try #require(driver.sent.first { $0.hop == .node(AgentDriver.farNode) })
        #expect(summary(second.document) == "near=open")
        #expect(try second.message.sipETag == "\(versions[0])")
        for notify in driver.sent { driver.answer(notify) }

        // When nothing is left the subscription goes on, with a closed document.
        try driver.publish(tag: tag, expires: 0)
        versions += driver.actions.compactMap { if case .publish(_, _, let version, _) = $0 { version } else { nil } }
        let last = try #require(driver.sent.first { $0.hop == .node(AgentDriver.farNode) })
        #expect(summary(last.document) == "\(Composition.neutralID)=closed")
        #expect(last.state.hasPrefix("active"))
        #expect(try last.message.sipETag == "\(versions[1])")
        #expect(versions[1] > versions[0])
    }

    @Test("Other nodes are listened to while somebody here watches, and no longer")
    func listening() throws {
        var driver = AgentDriver()
        let remoteActions = { (driver: AgentDriver) in
            driver.actions.compactMap { action in
                switch action {
                case .watchRemote(EventResource(AgentDriver.alice)): "watch"
                case .unwatchRemote(EventResource(AgentDriver.alice)): "unwatch"
                default: nil
                }
            }
        }
        try driver.subscribe(call: "a", expires: 600)
        let tag = try driver.response?.to.tag
        #expect(remoteActions(driver) == ["watch"])
        driver.answer(driver.sent[0])
        try driver.subscribe(call: "b", expires: 100)
        #expect(remoteActions(driver) == [])
        driver.answer(driver.sent[0])
        driver.advance(.seconds(100))
        #expect(remoteActions(driver) == [])
        try driver.subscribe(call: "a", to: tag, cseq: 2, expires: 0)
        #expect(remoteActions(driver) == ["unwatch"])
    }

    @Test("The agent's owner can watch without a subscription")
    func audience() throws {
        var driver = AgentDriver()
        let seen = { (driver: AgentDriver) in
            driver.actions.compactMap { action in
                switch action {
                case .composed(AgentDriver.alice, let document): summary(try? XMLDocument(parsing: document).root)
                case .watchRemote(EventResource(AgentDriver.alice)): "watch"
                case .unwatchRemote(EventResource(AgentDriver.alice)): "unwatch"
                default: nil
                }
            }
        }
        driver.handle(.watchLocally(alice))
        #expect(seen(driver) == ["\(Composition.neutralID)=closed", "watch"])
        driver.handle(.watchLocally(alice))
        #expect(seen(driver) == [])
        driver.handle(
            .remoteDocument(EventResource(alice), source: far, document: document(tuple("far", "open")), version: 5))
        #expect(seen(driver) == ["far=open"])
        try driver.publish(tuple("near", "open"))
        #expect(seen(driver) == ["near=open far=open"])
        driver.handle(.unwatchLocally(alice))
        #expect(seen(driver) == ["unwatch"])
        try driver.publish(tuple("other", "open"))
        #expect(seen(driver) == [])
    }
}
