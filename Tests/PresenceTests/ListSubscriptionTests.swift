import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

@Suite("Subscriptions to the list in a request")
struct ListSubscriptionTests {
    private static let carol = AddressOfRecord("carol@example.org")!
    private static let aliceURI = "sip:alice@example.org"
    private static let carolURI = "sip:carol@example.org"
    private static let both = [aliceURI, carolURI]

    private static func document(_ row: ListReader.Row?) -> XMLElement? {
        row?.document.flatMap { try? XMLDocument(parsing: $0).root }
    }

    /// A driver with a subscription to both, the first notification read and answered.
    private static func subscribed(
        _ change: (inout PresenceConfiguration) -> Void = { _ in }
    ) throws -> (driver: AgentDriver, reader: ListReader, tag: String) {
        var driver = AgentDriver(change)
        #expect(try driver.subscribe(toAll: both) == 200)
        let tag = try #require(try driver.response?.to.tag)
        var reader = ListReader()
        try reader.take(driver.sent[0].message)
        driver.answer(driver.sent[0])
        return (driver, reader, tag)
    }

    @Test("The answer requires lists to be understood, and the first NOTIFY has every member and what is known of it")
    func first() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("a", "open"))
        #expect(try driver.subscribe(toAll: Self.both + ["sip:example.org"], expires: 600) == 200)
        #expect(driver.response?.value(.require)?.string == "eventlist")
        #expect(driver.response?.expires == 600)
        #expect(driver.sent.count == 1)
        #expect(driver.sent[0].state == "active;expires=600")
        var reader = ListReader()
        try reader.take(driver.sent[0].message)
        #expect(reader.wasFull)
        #expect(reader.told == ["\(Self.aliceURI) active", "\(Self.carolURI) active", "sip:example.org noresource"])
        #expect(summary(Self.document(reader.rows[Self.aliceURI])) == "a=open")
        #expect(summary(Self.document(reader.rows[Self.carolURI])) == "nobody=closed")
        let (rlmi, _) = try ListFixtures.read(driver.sent[0].message)
        #expect(rlmi.uri == "sip:rls@example.org")
        let watched = driver.actions.compactMap {
            if case .watchRemote(let resource) = $0 { resource.user } else { nil }
        }
        #expect(watched == [AgentDriver.alice, Self.carol])
        // The same state for all: nobody is watched twice.
        try driver.subscribe(toAll: Self.both, call: "other")
        #expect(!driver.actions.contains { if case .watchRemote = $0 { true } else { false } })
    }

    @Test("Linphone is told in the way in which it looks for a list, after a restart as well")
    func linphone() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("a", "open"))
        try driver.subscribe(toAll: [Self.aliceURI], headers: AgentDriver.listHeaders + ["User-Agent: Linphonec/5.1"])
        let tag = try #require(try driver.response?.to.tag)
        for sequence in 2...3 {
            let sent = try #require(driver.sent.first)
            #expect(sent.message.value(.event)?.string == "Presence")
            let (body, id) = (String(decoding: sent.message.body, as: UTF8.self), try Regex("cid=\"([^\"]+)\""))
            let cid = try #require(body.firstMatch(of: id)?.output[1].substring)
            #expect(body.contains("\r\nContent-Id: \(cid)\r\n"))
            driver.answer(sent)
            driver.restart()
            #expect(try driver.subscribe(uri: "sip:rls@example.org", tag, sequence) == 200)
        }
    }

    @Test(
        "Who does not understand lists, or can't be told of one, is turned away",
        arguments: [
            ([], 421, "Require", "eventlist"),
            (["Supported: replaces"], 421, "Require", "eventlist"),
            (
                ["Supported: eventlist", "Accept: application/pidf+xml"], 406, "Accept",
                "multipart/related, application/rlmi+xml, application/pidf+xml"
            ),
            (
                ["Supported: eventlist", "Accept: application/pidf+xml, multipart/related"], 406, "Accept",
                "multipart/related, application/rlmi+xml, application/pidf+xml"
            ),
            (["Supported: eventlist", "Require: other"], 420, "Unsupported", "other"),
        ])
    func refused(headers: [String], status: Int, name: String, value: String) throws {
        var driver = AgentDriver()
        #expect(try driver.subscribe(toAll: Self.both, headers: headers) == status)
        #expect(driver.response?.value(HeaderName(name))?.string == value)
        #expect(driver.agent.subscriptionCount == 0)
        #expect(driver.sent.isEmpty)
    }

    @Test("A list that can't be read, is too long or of a stranger is turned away")
    func refusedLists() throws {
        var driver = AgentDriver()
        #expect(try driver.subscribe(toAll: [], body: "<a") == 400)
        #expect(try driver.subscribe(toAll: (0...1_000).map { "sip:u\($0)@h" }) == 413)
        #expect(try driver.subscribe(toAll: [], type: "text/plain") == 415)
        #expect(driver.response?.value(.accept)?.string == "application/resource-lists+xml")
        #expect(try driver.subscribe(toAll: Self.both, as: nil) == 403)
        let far = Flow(transport: .overlay, local: AgentDriver.phone.local, remote: .node(AgentDriver.farNode))
        #expect(try driver.subscribe(toAll: Self.both, flow: far) == 403)
        #expect(driver.agent.subscriptionCount == 0)
        #expect(try driver.subscribe(toAll: Self.both, headers: ["Require: eventlist"]) == 200)
    }

    @Test("A change after a time of quiet is told at once; those that follow go together after the pause")
    func batch() throws {
        var (driver, reader, _) = try Self.subscribed()
        driver.advance(.seconds(2))
        let alice = try driver.publish(tuple("a", "open"), of: AgentDriver.alice)
        #expect(driver.sent.count == 1)
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["\(Self.aliceURI) active"])
        #expect(!reader.wasFull)
        driver.answer(driver.sent[0])
        // Three changes of two members in one pause: one NOTIFY, with the newest of each.
        try driver.publish(tuple("c", "open"), of: Self.carol)
        #expect(driver.sent.isEmpty)
        let again = try driver.publish(tuple("a", "closed"), of: AgentDriver.alice, tag: alice)
        #expect(driver.sent.isEmpty)
        try driver.publish(tuple("z", "open"), of: AgentDriver.alice, tag: again)
        #expect(driver.sent.isEmpty)
        driver.advance(.milliseconds(999))
        #expect(driver.sent.isEmpty)
        driver.advance(.milliseconds(1))
        #expect(driver.sent.count == 1)
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["\(Self.aliceURI) active", "\(Self.carolURI) active"])
        #expect(summary(Self.document(reader.rows[Self.aliceURI])) == "z=open")
        #expect(summary(Self.document(reader.rows[Self.carolURI])) == "c=open")
        driver.answer(driver.sent[0])
        driver.advance(.seconds(100))
        #expect(driver.sent.isEmpty)
    }

    @Test("What other nodes publish of members is told")
    func remote() throws {
        var (driver, reader, _) = try Self.subscribed { $0.listPause = .zero }
        let document = Array(PresenceFixtures.document(tuple("far", "open")).utf8)
        driver.handle(.remoteDocument(EventResource(Self.carol), source: [7], document: document, version: 1))
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["\(Self.carolURI) active"])
        #expect(summary(Self.document(reader.rows[Self.carolURI])) == "far=open")
    }

    @Test(
        "One NOTIFY at a time: what changes meanwhile goes with the next, and one that fails is followed by a full one")
    func outstanding() throws {
        var (driver, reader, _) = try Self.subscribed { $0.listPause = .zero }
        try driver.publish(tuple("a", "open"), of: AgentDriver.alice)
        let first = driver.sent[0]
        try reader.take(first.message)
        try driver.publish(tuple("c", "open"), of: Self.carol)
        #expect(driver.sent.isEmpty)
        let second = try #require(driver.answer(first).first)
        try reader.take(second.message)
        #expect(reader.told == ["\(Self.carolURI) active"])
        driver.answer(second, 500)
        driver.advance(.seconds(5))
        try reader.take(driver.sent[0].message)
        #expect(reader.wasFull)
        #expect(reader.last == Self.both)
        // RFC 6665 §4.2.2: 481 ends it, and what lies behind it.
        driver.answer(driver.sent[0], 481)
        #expect(driver.agent.subscriptionCount == 0)
        #expect(driver.journal[.subscription] == [:])
        let gone = driver.actions.compactMap {
            if case .unwatchRemote(let resource) = $0 { resource.user } else { nil }
        }
        #expect(gone == [AgentDriver.alice, Self.carol])
    }

    @Test("Every refresh is followed by everything, whatever the pause; a list in it must be the same")
    func refresh() throws {
        var (driver, reader, tag) = try Self.subscribed()
        #expect(try driver.subscribe(uri: "sip:rls@example.org", tag, 2) == 200)
        #expect(driver.response?.value(.require)?.string == "eventlist")
        try reader.take(driver.sent[0].message)
        #expect(reader.wasFull)
        #expect(reader.last == Self.both)
        driver.answer(driver.sent[0])
        #expect(try driver.subscribe(toAll: Self.both, to: tag, cseq: 3) == 200)
        try reader.take(driver.sent[0].message)
        driver.answer(driver.sent[0])
        #expect(try driver.subscribe(toAll: [Self.aliceURI], to: tag, cseq: 4) == 415)
        #expect(driver.sent.isEmpty)
        #expect(driver.agent.subscriptionCount == 3)
    }

    @Test("A refresh prolongs what lies behind, and without one everything ends with a last notification")
    func expiry() throws {
        var (driver, reader, tag) = try Self.subscribed()
        driver.advance(.seconds(3_000))
        try driver.subscribe(uri: "sip:rls@example.org", tag, 2)
        try reader.take(driver.sent[0].message)
        driver.answer(driver.sent[0])
        driver.advance(.seconds(3_000))
        try driver.publish(tuple("a", "open"), of: AgentDriver.alice)
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["\(Self.aliceURI) active"])
        driver.answer(driver.sent[0])
        driver.advance(.seconds(600))
        #expect(driver.sent.map(\.state) == ["terminated;reason=timeout"])
        try reader.take(driver.sent[0].message)
        #expect(reader.last.isEmpty)
        driver.answer(driver.sent[0])
        #expect(driver.agent.subscriptionCount == 0)
        #expect(driver.journal[.subscription] == [:])
    }

    @Test("Who unsubscribes, and who fetches, is told everything in the last NOTIFY", arguments: [true, false])
    func end(fetches: Bool) throws {
        var reader = ListReader()
        var driver = AgentDriver()
        if fetches {
            try driver.publish(tuple("a", "open"))
            try driver.subscribe(toAll: Self.both, expires: 0)
        } else {
            var tag: String
            (driver, reader, tag) = try Self.subscribed()
            try driver.publish(tuple("a", "open"))
            try driver.subscribe(uri: "sip:rls@example.org", tag, 2, expires: 0)
            #expect(
                driver.actions.contains {
                    if case .unwatchRemote(EventResource(Self.carol)) = $0 { true } else { false }
                })
        }
        #expect(driver.sent.map(\.state) == ["terminated;reason=timeout"])
        try reader.take(driver.sent[0].message)
        #expect(reader.wasFull)
        #expect(reader.told == Self.both.map { "\($0) active" })
        #expect(summary(Self.document(reader.rows[Self.aliceURI])) == "a=open")
        driver.answer(driver.sent[0])
        #expect(driver.agent.subscriptionCount == 0)
        #expect(driver.journal[.subscription] ?? [:] == [:])
    }

    @Test("Rules decide about each member: it is pending, blocked politely, rejected, or shown")
    func rules() throws {
        var (driver, reader, tag) = try Self.subscribed { $0.listPause = .zero }
        try driver.publish(tuple("a", "open"), of: AgentDriver.alice)
        try reader.take(driver.sent[0].message)
        driver.answer(driver.sent[0])
        for (handling, state) in [
            ("confirm", "pending"), ("polite-block", "active"), ("allow", "active"), ("block", "rejected"),
        ] {
            let rule = RulesetFixtures.rule("r", if: RulesetFixtures.one(AgentDriver.bob), handling)
            driver.handle(.rules(AgentDriver.alice, try RulesetFixtures.ruleset(rule), externalLists: [:]))
            try reader.take(driver.sent[0].message)
            #expect(reader.told == ["\(Self.aliceURI) \(state)"])
            let isTold = handling == "polite-block" || handling == "allow"
            #expect((reader.rows[Self.aliceURI]?.document == nil) == !isTold)
            if handling == "polite-block" {
                #expect(summary(Self.document(reader.rows[Self.aliceURI])) == "nobody=closed")
            }
            driver.answer(driver.sent[0])
        }
        #expect(driver.agent.subscriptionCount == 2)
        // A new SUBSCRIBE asks anew, as one to the member alone would.
        try driver.subscribe(uri: "sip:rls@example.org", tag, 2)
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["\(Self.aliceURI) rejected", "\(Self.carolURI) active"])
        driver.answer(driver.sent[0])
        driver.handle(.rules(AgentDriver.alice, nil, externalLists: [:]))
        try driver.subscribe(uri: "sip:rls@example.org", tag, 3)
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["\(Self.aliceURI) active", "\(Self.carolURI) active"])
    }

    @Test("Members are told of a list's subscriber like of any watcher, and find who was pending when it ended")
    func watcherInformation() throws {
        var driver = AgentDriver { $0.strangers = .confirm }
        try driver.subscribe(
            call: "winfo", event: "presence.winfo", contact: "<sip:alice@198.51.100.8>", as: AgentDriver.alice)
        driver.answer(driver.sent[0])
        try driver.subscribe(toAll: Self.both, expires: 600)
        let tag = try #require(try driver.response?.to.tag)
        for sent in driver.sent { driver.answer(sent) }
        driver.advance(.seconds(5))
        let watchers = { (driver: AgentDriver) in
            driver.sent.compactMap(\.document).flatMap { $0.elements }.flatMap(\.elements).map {
                "\($0.text) \($0[attribute: XMLName("status")] ?? "")"
            }
        }
        try driver.subscribe(
            call: "winfo2", event: "presence.winfo", contact: "<sip:alice@198.51.100.8>", as: AgentDriver.alice)
        #expect(watchers(driver) == ["sip:bob@example.org pending"])
        // A refresh of the list prolongs what lies behind it.
        try driver.subscribe(uri: "sip:rls@example.org", tag, 2, expires: 600)
        for sent in driver.sent { driver.answer(sent) }
        try driver.subscribe(
            call: "winfo4", event: "presence.winfo", contact: "<sip:alice@198.51.100.8>", as: AgentDriver.alice)
        let watcher = driver.sent.last?.document?.elements.first?.elements.first
        #expect(watcher?[attribute: XMLName("expiration")] == "600")
        driver.advance(.seconds(700))
        try driver.subscribe(
            call: "winfo3", event: "presence.winfo", contact: "<sip:alice@198.51.100.8>", as: AgentDriver.alice)
        #expect(watchers(driver) == ["sip:bob@example.org waiting"])
    }

    @Test("There is no room for more than a user may have: those left out are tried again")
    func room() throws {
        var driver = AgentDriver { $0.maximumSubscriptionsPerUser = 3 }
        try driver.subscribe(call: "one")
        let single = try #require(try driver.response?.to.tag)
        driver.answer(driver.sent[0])
        try driver.subscribe(toAll: Self.both)
        let tag = try #require(try driver.response?.to.tag)
        var reader = ListReader()
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["\(Self.aliceURI) active", "\(Self.carolURI) probation"])
        driver.answer(driver.sent[0])
        #expect(try driver.subscribe(call: "two") == 503)
        #expect(try driver.subscribe(toAll: Self.both, call: "three") == 503)
        try driver.subscribe(call: "one", to: single, cseq: 2, expires: 0)
        driver.answer(driver.sent[0])
        try driver.subscribe(uri: "sip:rls@example.org", tag, 2)
        try reader.take(driver.sent[0].message)
        #expect(reader.told == Self.both.map { "\($0) active" })
    }

    @Test("States that don't fit into one NOTIFY follow, and all are named from the first on")
    func large() throws {
        let uris = (0..<200).map { "sip:u\($0)@example.org" }
        var driver = AgentDriver { $0.maximumListStates = 10_000 }
        try driver.subscribe(toAll: uris)
        var reader = ListReader()
        var sizes: [Int] = []
        while let sent = driver.sent.first {
            try reader.take(sent.message)
            sizes.append(sent.message.body.count)
            #expect(reader.wasFull == (sizes.count == 1))
            driver.answer(sent)
            driver.advance(.seconds(1))
        }
        #expect(sizes.count > 2)
        #expect(sizes.max()! < 60_000)
        #expect(reader.rows.count == 200)
        #expect(reader.rows.values.allSatisfy { $0.state == .active && $0.document != nil })
    }

    @Test("After a restart versions go on, the members are known and decided about, and everything is told")
    func restart() throws {
        var (driver, reader, tag) = try Self.subscribed()
        let rule = RulesetFixtures.rule("r", if: RulesetFixtures.one(AgentDriver.bob), "confirm")
        driver.handle(.rules(Self.carol, try RulesetFixtures.ruleset(rule), externalLists: [:]))
        try driver.publish(tuple("a", "open"), of: AgentDriver.alice)
        driver.restart()
        driver.advance(.seconds(1))
        let watched = driver.actions.compactMap {
            if case .watchRemote(let resource) = $0 { resource.user } else { nil }
        }
        #expect(watched.sorted() == [AgentDriver.alice, Self.carol])
        #expect(driver.sent.count == 1)
        try reader.take(driver.sent[0].message)
        #expect(reader.wasFull)
        #expect(reader.told == ["\(Self.aliceURI) active", "\(Self.carolURI) pending"])
        #expect(summary(Self.document(reader.rows[Self.aliceURI])) == "a=open")
        driver.answer(driver.sent[0])
        #expect(try driver.subscribe(toAll: Self.both, to: tag, cseq: 2) == 200)
        try reader.take(driver.sent[0].message)
        #expect(reader.last == Self.both)
    }

    @Test("An entry of the journal that is damaged is removed")
    func damaged() throws {
        let (driver, _, _) = try Self.subscribed()
        let good = try #require(driver.journal[.subscription]?.first)
        for length in 0..<good.value.count {
            var fresh = AgentDriver()
            fresh.handle(.restore(.subscription, key: good.key, value: Array(good.value.prefix(length))))
            #expect(fresh.observed.count == 1, "cut to \(length) bytes")
            #expect(fresh.agent.subscriptionCount == 0)
        }
    }

    @Test(
        "Whatever stands in a request or in the journal, it is served or refused",
        arguments: 1...4 as ClosedRange<UInt64>)
    func mutations(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let body = Array(ListFixtures.flat(Self.both).utf8)
        var statuses: Set<Int> = []
        var driver = AgentDriver()
        for round in 0..<200 {
            let text = String(decoding: body.mutated(&random), as: UTF8.self)
            statuses.insert(try driver.subscribe(toAll: [], call: "\(round)", expires: 0, body: text))
        }
        #expect(statuses == [200, 400])
        let good = try #require(try Self.subscribed().driver.journal[.subscription]?.first)
        var restored = 0
        for _ in 0..<200 {
            var fresh = AgentDriver()
            fresh.handle(.restore(.subscription, key: good.key, value: good.value.mutated(&random)))
            fresh.advance(.seconds(1))
            restored += fresh.agent.subscriptionCount
        }
        #expect(restored > 0)
    }

    @Test("A user who is removed loses lists and what lies behind them")
    func removed() throws {
        var (driver, reader, _) = try Self.subscribed()
        driver.handle(.remove(AgentDriver.bob))
        #expect(driver.sent.map(\.state) == ["terminated;reason=rejected"])
        try reader.take(driver.sent[0].message)
        #expect(reader.rows.values.allSatisfy { $0.document == nil || $0.state == .active })
        driver.answer(driver.sent[0])
        #expect(driver.agent.subscriptionCount == 0)
        #expect(driver.journal[.subscription] == [:])
    }
}
