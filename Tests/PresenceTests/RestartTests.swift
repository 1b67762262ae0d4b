import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

@Suite("A presence agent that was killed and started again")
struct RestartTests {
    @Test("Entity tags are still good, and the state is made known again under a newer version")
    func publications() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("a", "open"), expires: 600)
        let tag = try driver.response?.sipETag
        let before = versions(driver)
        driver.advance(.seconds(1))
        driver.restart()
        driver.advance(.zero)
        let after = versions(driver)
        #expect(after.count == 1)
        #expect(after[0] > before[0])
        #expect(try driver.publish(tag: tag, expires: 600) == 200)
        #expect(try driver.publish(tag: tag) == 412)
    }

    @Test("A clock that was set back meanwhile doesn't make versions go back, and no version stops them")
    func versionFloor() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("a", "open"))
        let before = versions(driver)[0]
        // The journal holds nothing of it: only the record in the overlay tells what the last version was.
        driver.journal = [:]
        driver.now = driver.now - .hours(5)
        driver.restart()
        driver.agent.raiseVersion(to: before, at: driver.now)
        driver.agent.raiseVersion(to: before - 1, at: driver.now)
        try driver.publish(tuple("b", "open"))
        // The publication takes one version, the record of what it changed the next.
        #expect(versions(driver) == [before + 2])
        // Nobody's clock is off by so much; a version like that would soon leave none above it.
        driver.agent.raiseVersion(to: .max, at: driver.now)
        driver.agent.raiseVersion(to: before + 86_400_000_000, at: driver.now)
        try driver.publish(tuple("c", "open"))
        #expect(versions(driver) == [before + 4])
    }

    @Test("Watchers are told the current state in the dialog they had, and refresh it")
    func subscriptions() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("a", "open"))
        try driver.subscribe(expires: 600, extra: ["Record-Route: <sip:edge.example.org;lr>"])
        let tag = try driver.response?.to.tag
        let before = driver.sent[0]
        // The next change was kept, and the process died before anybody heard of it.
        try driver.publish(tuple("b", "open"))
        driver.restart()
        driver.advance(.seconds(1))
        #expect(
            driver.actions.contains {
                if case .watchRemote(EventResource(AgentDriver.alice)) = $0 { true } else { false }
            })
        let after = try #require(driver.sent.first)
        #expect(driver.sent.count == 1)
        #expect(summary(after.document) == "b=open a=open")
        #expect(after.message.requestURIText == before.message.requestURIText)
        #expect(after.message.value(.route) == before.message.value(.route))
        for name in [HeaderName.callID, .from, .to, .event] {
            #expect(after.message.value(name) == before.message.value(name))
        }
        #expect(try after.message.cseq.number > before.message.cseq.number)
        #expect(after.hop == .flow(AgentDriver.phone))
        driver.answer(after)
        #expect(try driver.subscribe(to: tag, cseq: 2, expires: 600) == 200)
    }

    @Test("CSeq numbers never come twice, however many NOTIFYs there were since the last entry in the journal")
    func sequence() throws {
        var driver = AgentDriver()
        try driver.subscribe(expires: 3600)
        var last = try driver.sent[0].message.cseq.number
        driver.answer(driver.sent[0])
        for round in 0..<150 {
            try driver.publish(tuple("t", round % 2 == 0 ? "open" : "closed"), tag: try? driver.response?.sipETag)
            if round % 40 == 39 {
                driver.restart()
                driver.advance(.seconds(1))
            }
            for notify in driver.sent {
                let number = try notify.message.cseq.number
                #expect(number > last)
                last = number
                driver.answer(notify)
            }
            driver.actions = []
            driver.journal[.publication] = [:]
            driver.restart()
            driver.advance(.seconds(1))
            for notify in driver.sent {
                let number = try notify.message.cseq.number
                #expect(number > last)
                last = number
                driver.answer(notify)
            }
        }
    }

    @Test("What ran out meanwhile is over, and those concerned are told")
    func expired() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("a", "open"), expires: 60)
        try driver.subscribe(call: "short", expires: 60)
        try driver.subscribe(call: "long", expires: 3600)
        driver.now += .seconds(100)
        driver.restart()
        driver.advance(.seconds(1))
        #expect(driver.sent.map(\.state) == ["terminated;reason=timeout", "active;expires=3500"])
        #expect(summary(driver.sent[1].document).hasSuffix("=closed"))
        #expect(driver.agent.publicationCount == 0)
        for notify in driver.sent { driver.answer(notify) }
        #expect(driver.agent.subscriptionCount == 1)
        #expect(driver.journal[.subscription]?.count == 1)
        #expect(driver.journal[.publication] == [:])
    }

    @Test("A connection did not survive; the contact is asked instead")
    func connections() throws {
        var driver = AgentDriver()
        try driver.subscribe(flow: AgentDriver.stream)
        driver.answer(driver.sent[0])
        driver.restart()
        driver.advance(.seconds(1))
        #expect(driver.sent.map(\.hop) == [nil])
    }

    @Test("Watchers are told once phones and calls are known again, and whoever asks before that at once")
    func pause() throws {
        var driver = AgentDriver { $0.restoredPause = .seconds(5) }
        try driver.subscribe(expires: 600)
        let tag = try #require(try driver.response?.to.tag)
        driver.answer(driver.sent[0])
        for asks in [false, true] {
            driver.restart()
            driver.advance(.seconds(4))
            #expect(driver.sent.isEmpty)
            if asks { try driver.subscribe(to: tag, cseq: 2, expires: 600) } else { driver.advance(.seconds(1)) }
            #expect(driver.sent.count == 1)
        }
    }

    @Test("Entries that can't be read are removed, one by one, and said so")
    func damaged() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("a", "open"))
        try driver.subscribe()
        for room in [PresenceRoom.publication, .subscription] {
            let good = try #require(driver.journal[room]?.first)
            for length in 0..<good.value.count {
                var fresh = AgentDriver()
                let damaged = PresenceAgent.Event.restore(
                    room, key: good.key, value: Array(good.value.prefix(length)))
                fresh.handle(damaged)
                #expect(fresh.observed.count == 1, "\(room) cut to \(length) bytes")
                #expect(fresh.agent.publicationCount + fresh.agent.subscriptionCount == 0)
            }
        }
    }

    private func versions(_ driver: AgentDriver) -> [Int64] {
        driver.actions.compactMap { if case .publish(_, _, let version, _) = $0 { version } else { nil } }
    }
}
