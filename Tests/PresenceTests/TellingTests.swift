import Primitives
import SIPMessages
import Testing

@testable import Presence

@Suite struct TellingTests {
    /// Three shares of watchers, who have all answered their first NOTIFY.
    private func watched() throws -> (AgentDriver, count: Int) {
        var driver = AgentDriver()
        let count = PresenceAgent.toldAtOnce * 3
        for number in 0..<count {
            try driver.subscribe(call: "call\(number)", from: "w\(number)")
            for sent in driver.sent { driver.answer(sent) }
        }
        return (driver, count)
    }

    @Test("The first of many watchers have their NOTIFY before the last one's is made")
    func shares() throws {
        var (driver, count) = try watched()
        try driver.publish(tuple("t", "open"))
        #expect(driver.sent.count == PresenceAgent.toldAtOnce)
        #expect(driver.response?.statusCode == 200)
        var sent = driver.sent
        // All that is left is due at once.
        driver.advance(.zero)
        sent += driver.sent
        #expect(Set(sent.map { $0.message.value(.callID)!.string }).count == count)
        #expect(sent.count == count && sent.allSatisfy { summary($0.document) == "t=open" })
        #expect(driver.agent.tellings.isEmpty)
        driver.advance(.zero)
        #expect(driver.sent.isEmpty)
    }

    @Test("What changes while they are told reaches all of them, those told before as well")
    func overtaken() throws {
        var (driver, count) = try watched()
        try driver.publish(tuple("t", "open"))
        let tag = try #require(driver.response?.value(.sipETag)?.string)
        var newest: [String: String] = [:]
        var waiting = driver.sent
        try driver.publish(tuple("t", "closed"), tag: tag)
        waiting += driver.sent
        driver.advance(.zero)
        waiting += driver.sent
        while let sent = waiting.popLast() {
            newest[sent.message.value(.callID)!.string] = summary(sent.document)
            waiting += driver.answer(sent)
        }
        #expect(newest.count == count && newest.values.allSatisfy { $0 == "t=closed" })
    }

    @Test("Who leaves while others are told is passed over")
    func leaving() throws {
        var (driver, count) = try watched()
        try driver.publish(tuple("t", "open"))
        let last = try #require(driver.agent.subscriptions.values.first { $0.dialog.callID == "call\(count - 1)" })
        try driver.subscribe(
            call: "call\(count - 1)", from: "w\(count - 1)", to: last.dialog.localTag, cseq: 2, expires: 0)
        for sent in driver.sent { driver.answer(sent) }
        driver.advance(.zero)
        #expect(!driver.sent.contains { $0.message.value(.callID)?.string == "call\(count - 1)" })
        #expect(driver.agent.tellings.isEmpty)
    }
}
