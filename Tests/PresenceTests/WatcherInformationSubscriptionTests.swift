import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

@Suite("Subscriptions to watcher information")
struct WatcherInformationSubscriptionTests {
    private typealias Rules = RulesetFixtures
    private let alice = AgentDriver.alice
    private let bob = AgentDriver.bob

    /// A driver whose strangers have to be confirmed, with alice's phone told who watches; its first NOTIFY is answered.
    private func informed(_ change: (inout PresenceConfiguration) -> Void = { _ in }) throws -> AgentDriver {
        var driver = AgentDriver {
            $0.strangers = .confirm
            change(&$0)
        }
        #expect(try subscribe(&driver) == 200)
        driver.answer(driver.sent[0])
        driver.advance(.seconds(10))
        return driver
    }

    @discardableResult
    private func subscribe(
        _ driver: inout AgentDriver, call: String = "winfo", to: String? = nil, cseq: Int = 1, expires: Int = 3600,
        extra: [String] = [], flow: Flow = AgentDriver.phone, as user: AddressOfRecord? = AgentDriver.alice
    ) throws -> Int {
        try driver.subscribe(
            call: call, to: to, cseq: cseq, expires: expires, extra: extra, event: "presence.winfo", flow: flow,
            as: user)
    }

    /// What a document says in one line: version, extent, and each watcher with status and event.
    private func told(_ sent: AgentDriver.Sent) -> String {
        guard let root = sent.document else { return "-" }
        let watchers = root.elements[0].elements.map { watcher in
            let name = watcher.text.dropFirst(4).prefix { $0 != "@" }
            return
                "\(name):\(watcher[attribute: XMLName("status")] ?? ""):\(watcher[attribute: XMLName("event")] ?? "")"
        }
        let version = root[attribute: XMLName("version")] ?? ""
        return ([version, root[attribute: XMLName("state")] ?? ""] + watchers).joined(separator: " ")
    }

    private func told(_ driver: AgentDriver) throws -> [String] {
        try driver.sent.filter { try $0.message.callID.hasPrefix("winfo") }.map(told)
    }

    /// Takes what was told about alice's watchers and answers every NOTIFY.
    private func settle(_ driver: inout AgentDriver) throws -> [String] {
        var all: [String] = []
        var open = driver.sent
        while let next = open.popLast() {
            if try next.message.callID.hasPrefix("winfo") { all.append(told(next)) }
            open += driver.answer(next)
        }
        driver.advance(.seconds(5))
        for next in driver.sent {
            if try next.message.callID.hasPrefix("winfo") { all.append(told(next)) }
            driver.answer(next)
        }
        return all
    }

    private func allow(_ user: AddressOfRecord, _ handling: String, _ driver: inout AgentDriver) throws {
        let rules = try Rules.ruleset(Rules.rule("r", if: Rules.one(user), handling))
        driver.handle(.rules(alice, rules, externalLists: [:]))
    }

    @Test("It is for the presentity itself, whoever else asks gets 403")
    func ownerOnly() throws {
        for (user, status) in [(alice, 200), (bob, 403), (nil, 403)] as [(AddressOfRecord?, Int)] {
            var driver = AgentDriver()
            #expect(try subscribe(&driver, as: user) == status)
            #expect(driver.sent.count == (status == 200 ? 1 : 0))
        }
        // A node of the overlay vouches for users, but alice's phones are here.
        var driver = AgentDriver()
        let overlay = Flow(
            transport: .overlay, local: Endpoint("192.0.2.1:5060")!, remote: .node(AgentDriver.farNode))
        #expect(try subscribe(&driver, flow: overlay) == 403)
        #expect(try driver.subscribe(expires: 600, event: "presence.winfo.winfo", as: alice) == 489)
    }

    @Test("What the phone accepts decides, and the answer says what there is")
    func accept() throws {
        var driver = AgentDriver()
        #expect(try subscribe(&driver, extra: ["Accept: application/pidf+xml"]) == 406)
        #expect(driver.response?.value(.accept)?.string == "application/watcherinfo+xml")
        #expect(try subscribe(&driver, extra: ["Accept: application/watcherinfo+xml"]) == 200)
        #expect(try driver.sent[0].message.contentType?.essence == "application/watcherinfo+xml")
        #expect(driver.sent[0].state == "active;expires=3600")
        #expect(driver.sent[0].message.value(.event)?.string == "presence.winfo")
        #expect(driver.observed.isEmpty)
    }

    @Test("A watcher is told of when it comes, is approved, is blocked: one document for each, versions without a gap")
    func story() throws {
        var driver = try informed()
        try driver.subscribe(expires: 600)
        #expect(try settle(&driver) == ["1 partial bob:pending:subscribe"])
        try allow(bob, "allow", &driver)
        #expect(try settle(&driver) == ["2 partial bob:active:approved"])
        try allow(bob, "confirm", &driver)
        #expect(try settle(&driver) == ["3 partial bob:pending:subscribe"])
        try allow(bob, "block", &driver)
        #expect(try settle(&driver) == ["4 partial bob:terminated:rejected"])
        try allow(bob, "polite-block", &driver)
        #expect(try settle(&driver).isEmpty)
        try driver.subscribe(call: "again", from: "again", expires: 600)
        let tag = try driver.response?.to.tag
        #expect(try settle(&driver) == ["5 partial bob:active:subscribe"])
        try driver.subscribe(call: "again", from: "again", to: tag, cseq: 2, expires: 0)
        #expect(try settle(&driver) == ["6 partial bob:terminated:timeout"])
    }

    @Test("A SUBSCRIBE is answered with the full state, and so is what follows a NOTIFY that failed")
    func fullState() throws {
        var driver = try informed()
        try driver.subscribe(expires: 600)
        let lost = try #require(try driver.sent.first { try $0.message.callID == "winfo" })
        #expect(told(lost) == "1 partial bob:pending:subscribe")
        driver.handle(.requestFailed(lost.token, status: 500))
        driver.advance(.seconds(5))
        #expect(try told(driver) == ["2 full bob:pending:subscribe"])
        driver.answer(try #require(try driver.sent.first { try $0.message.callID == "winfo" }))
        try subscribe(&driver, call: "winfo2")
        #expect(try told(driver) == ["0 full bob:pending:subscribe"])
        let tag = try driver.response?.to.tag
        _ = try settle(&driver)
        try subscribe(&driver, call: "winfo2", to: tag, cseq: 2)
        #expect(try told(driver) == ["1 full bob:pending:subscribe"])
        _ = try settle(&driver)
        try subscribe(&driver, call: "winfo3", expires: 0)
        #expect(driver.sent.map(\.state) == ["terminated;reason=timeout"])
        #expect(try told(driver) == ["0 full bob:pending:subscribe"])
    }

    @Test("News within five seconds goes along with the next document")
    func pause() throws {
        var driver = try informed()
        try driver.subscribe(expires: 600)
        #expect(try told(driver) == ["1 partial bob:pending:subscribe"])
        let underWay = driver.sent
        try driver.subscribe(call: "c", from: "c", expires: 600, as: AddressOfRecord("carol@example.org")!)
        #expect(try told(driver).isEmpty)
        // Nor does the answer to the one before bring it sooner.
        for sent in underWay + driver.sent {
            driver.answer(sent)
            #expect(try told(driver).isEmpty)
        }
        try allow(bob, "allow", &driver)
        #expect(try told(driver).isEmpty)
        for sent in driver.sent { driver.answer(sent) }
        driver.advance(.milliseconds(4_999))
        #expect(driver.sent.isEmpty)
        driver.advance(.milliseconds(1))
        #expect(try told(driver) == ["2 partial bob:active:approved carol:pending:subscribe"])
    }

    @Test("Nobody makes a presentity be told of watchers who did not prove who they are, nor of fetches and nodes")
    func untold() throws {
        var driver = try informed { $0.strangers = .allow }
        try driver.subscribe(call: "claim", from: "claim", expires: 600, as: nil)
        #expect(try settle(&driver).isEmpty)
        let overlay = Flow(
            transport: .overlay, local: Endpoint("192.0.2.1:5060")!, remote: .node(AgentDriver.farNode))
        try driver.subscribe(call: "node", from: "node", expires: 600, flow: overlay, as: nil)
        #expect(try settle(&driver).isEmpty)
        try driver.subscribe(call: "fetch", from: "fetch", expires: 0)
        #expect(try settle(&driver).isEmpty)
        try subscribe(&driver, call: "winfo2")
        #expect(try told(driver) == ["0 full"])
    }

    @Test("Who tried in vain is remembered until somebody decides, it comes again, or a week is over")
    func waiting() throws {
        for ending in ["approved", "rejected", "again", "week"] {
            var driver = try informed()
            try driver.subscribe(expires: 60)
            #expect(try settle(&driver) == ["1 partial bob:pending:subscribe"])
            driver.advance(.seconds(60))
            #expect(driver.sent.contains { $0.state == "terminated;reason=timeout" && $0.message.body.isEmpty })
            #expect(try settle(&driver) == ["2 partial bob:waiting:timeout"])
            #expect(driver.agent.subscriptionCount == 2)
            switch ending {
            case "approved":
                try allow(bob, "allow", &driver)
                #expect(try settle(&driver) == ["3 partial bob:terminated:approved"])
            case "rejected":
                try allow(bob, "block", &driver)
                #expect(try settle(&driver) == ["3 partial bob:terminated:rejected"])
            case "again":
                try driver.subscribe(call: "again", from: "again", expires: 600)
                #expect(try settle(&driver).joined(separator: " ").contains("bob:terminated:giveup"))
                #expect(driver.agent.subscriptionCount == 2)
            default:
                let tag = try #require(driver.journal[.subscription]?.count)
                #expect(tag == 2)
                driver.advance(.hours(7 * 24))
                #expect(driver.journal[.subscription] == [:])
            }
        }
    }

    @Test("A fetch that nobody decided about waits as well, and the oldest make room")
    func waitingIsBounded() throws {
        var driver = try informed { $0.maximumWaitingPerPresentity = 2 }
        for name in ["w1", "w2", "w3"] {
            try driver.subscribe(call: name, from: name, expires: 0, as: AddressOfRecord("\(name)@example.org")!)
            _ = try settle(&driver)
        }
        try subscribe(&driver, call: "winfo2")
        #expect(try told(driver) == ["0 full w2:waiting:timeout w3:waiting:timeout"])
    }

    @Test("After a restart the state is told in full under a higher version, those who wait included")
    func restart() throws {
        var driver = try informed()
        try driver.subscribe(expires: 600)
        _ = try settle(&driver)
        try driver.subscribe(call: "f", from: "f", expires: 0, as: AddressOfRecord("carol@example.org")!)
        _ = try settle(&driver)
        driver.restart()
        driver.advance(.seconds(1))
        let all = try told(driver)
        #expect(all.count == 1)
        let words = try #require(all.first).split(separator: " ")
        #expect(try #require(Int(words[0])) > 2)
        #expect(words[1] == "full")
        #expect(Set(words.dropFirst(2)) == ["bob:pending:subscribe", "carol:waiting:timeout"])
        #expect(driver.agent.subscriptionCount == 3)
    }

    @Test("A dialog is for one package: the other one is not refreshed in it")
    func otherPackage() throws {
        var driver = try informed()
        try driver.subscribe(expires: 600, as: alice)
        let tag = try driver.response?.to.tag
        #expect(try driver.subscribe(to: tag, cseq: 2, expires: 600, event: "presence.winfo", as: alice) == 403)
        #expect(try driver.subscribe(to: tag, cseq: 2, expires: 600, as: alice) == 200)
    }

    @Test("The note of one who waits makes room for that of the next, down to a single one")
    func singleNote() throws {
        var driver = AgentDriver {
            $0.strangers = .confirm
            $0.maximumWaitingPerPresentity = 1
        }
        for name in ["w1", "w2"] {
            try driver.subscribe(call: name, from: name, expires: 60, as: AddressOfRecord("\(name)@example.org")!)
            driver.answer(driver.sent[0])
            driver.advance(.seconds(60))
            driver.answer(driver.sent[0])
        }
        #expect(driver.agent.subscriptionCount == 1)
        try subscribe(&driver)
        #expect(try told(driver) == ["0 full w2:waiting:timeout"])
    }

    @Test("What is told of its watchers ends with the last of them, at the same instant")
    func endTogether() throws {
        var driver = AgentDriver()
        try driver.subscribe(expires: 600)
        driver.answer(driver.sent[0])
        try subscribe(&driver, expires: 600)
        driver.answer(driver.sent[0])
        driver.advance(.seconds(600))
        #expect(driver.sent.map(\.state) == ["terminated;reason=timeout", "terminated;reason=timeout"])
        for sent in driver.sent { driver.answer(sent) }
        #expect(driver.agent.subscriptionCount == 0)
        #expect(driver.journal[.subscription] == [:])
    }

    @Test("A presentity has so many phones that are told, and no more")
    func bound() throws {
        var driver = try informed { $0.maximumInformedPerPresentity = 2 }
        #expect(try subscribe(&driver, call: "winfo2") == 200)
        #expect(try subscribe(&driver, call: "winfo3") == 503)
    }

    @Test("Its documents are valid", .enabled(if: PresenceFixtures.schema != nil))
    func valid() throws {
        var driver = try informed()
        try driver.subscribe(expires: 600)
        let sent = try #require(try driver.sent.first { try $0.message.callID == "winfo" })
        #expect(try PresenceFixtures.schemaComplaints(about: Array(sent.message.body)) == "")
        let watcher = sent.document?.elements[0].elements.first
        #expect(watcher?[attribute: XMLName("display-name")] == "Bob")
        #expect(watcher?[attribute: XMLName("expiration")] == "600")
    }
}
