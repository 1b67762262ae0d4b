import Presence
import Primitives
import SIPMessages
import Testing
import XMLTree

@Suite("Any course of a list's members, their state and their rules")
struct ListPropertyTests {
    /// A list beside a subscription of its own to each member: both have the same watcher and are refreshed together.
    private struct Course {
        static let users = (0..<6).map { AddressOfRecord("user\($0)@example.org")! }

        /// A subscription to one member.
        struct Single {
            var call: String
            var tag = ""
            var cseq = 1
            var row = ListReader.Row()
        }

        var random: RandomSource
        var driver: AgentDriver
        var reader = ListReader()
        var listTag = ""
        var listCSeq = 1
        var members: [AddressOfRecord]
        var singles: [AddressOfRecord: Single] = [:]
        var tags: [AddressOfRecord: String] = [:]
        var calls = 0
        var unanswered: [AgentDriver.Sent] = []
        var partial = 0
        var seen: Set<String> = []

        init(seed: UInt64) throws {
            random = RandomSource(seed: seed)
            driver = AgentDriver(seed: seed)
            members = Self.users.shuffled(using: &random)
            try refresh()
        }

        mutating func step() throws {
            switch Int.random(in: 0..<20, using: &random) {
            case 0...6: try publish()
            case 7...9: try setRules()
            case 10: try refresh()
            case 11:
                driver.restart()
                unanswered = []
                driver.advance(.seconds(1))
                try take(driver.sent)
                // What came to nothing is tried again then, as it is with a refresh.
                for user in members { try subscribe(to: user) }
            case 12: changeRemote()
            case 13...18: driver.advance(.milliseconds(Int.random(in: 1...3_000, using: &random)))
            default: break
            }
            try take(driver.sent)
            // Some answers take a while.
            while !unanswered.isEmpty, Int.random(in: 0..<3, using: &random) > 0 { try answerOne() }
        }

        private mutating func publish() throws {
            let user = Self.users.randomElement(using: &random)!
            let basic = Bool.random(using: &random) ? "open" : "closed"
            tags[user] = try driver.publish(
                tuple("t\(Int.random(in: 0..<4, using: &random))", basic), of: user, tag: tags[user])
        }

        private mutating func changeRemote() {
            let user = Self.users.randomElement(using: &random)!
            let document = Array(PresenceFixtures.document(tuple("far", "open")).utf8)
            let version = Int64(driver.now.nanoseconds / 1_000)
            driver.handle(
                .remoteDocument(
                    EventResource(user), source: [1], document: Bool.random(using: &random) ? document : nil,
                    version: version))
        }

        private mutating func setRules() throws {
            let user = Self.users.randomElement(using: &random)!
            let handling = ["block", "confirm", "polite-block", "allow"].randomElement(using: &random)!
            let rule = RulesetFixtures.rule("r", if: RulesetFixtures.one(AgentDriver.bob), handling)
            driver.handle(.rules(user, try RulesetFixtures.ruleset(rule), externalLists: [:]))
        }

        /// The list and every single subscription, those that ended anew.
        private mutating func refresh() throws {
            let uris = members.map { "sip:\($0)" }
            if listTag.isEmpty {
                try driver.subscribe(toAll: uris)
                listTag = try driver.response?.to.tag ?? ""
            } else {
                listCSeq += 1
                try driver.subscribe(uri: "sip:rls@example.org", listTag, listCSeq)
            }
            #expect(driver.response?.statusCode == 200)
            try take(driver.sent)
            for user in members { try subscribe(to: user) }
        }

        private mutating func subscribe(to user: AddressOfRecord) throws {
            var single = singles[user] ?? Single(call: "single\(calls)")
            if single.tag.isEmpty { calls += 1 } else { single.cseq += 1 }
            try driver.subscribe(
                call: single.call, to: single.tag.isEmpty ? nil : single.tag, cseq: single.cseq, expires: 3600,
                uri: "sip:\(user)")
            switch driver.response?.statusCode {
            case 200:
                single.tag = try driver.response?.to.tag ?? ""
                singles[user] = single
                try take(driver.sent)
            case 481:
                // It ended, and the restart came before anybody was told.
                singles[user] = nil
                try subscribe(to: user)
            case let status: #expect(status == 403 && single.tag.isEmpty)
            }
        }

        private mutating func answerOne() throws {
            let sent = unanswered.removeFirst()
            try take(driver.answer(sent))
        }

        private mutating func take(_ sent: [AgentDriver.Sent]) throws {
            for notify in sent {
                unanswered.append(notify)
                let call = try notify.message.callID
                if call == "list" {
                    try reader.take(notify.message)
                    if !reader.wasFull { partial += 1 }
                } else if let user = singles.first(where: { $0.value.call == call })?.key {
                    if notify.state.hasPrefix("terminated") {
                        singles[user] = nil
                    } else {
                        let state: RLMIState = notify.state.hasPrefix("pending") ? .pending : .active
                        let body = notify.message.body
                        singles[user]!.row = ListReader.Row(state: state, document: body.isEmpty ? nil : Array(body))
                    }
                }
            }
            driver.actions = []
        }

        /// Lets everything come to rest; then both know the same.
        mutating func settle() throws {
            for _ in 0..<20 {
                while !unanswered.isEmpty { try answerOne() }
                driver.advance(.seconds(1))
                try take(driver.sent)
            }
            #expect(unanswered.isEmpty)
            #expect(Set(reader.rows.keys) == Set(members.map { "sip:\($0)" }))
            for user in members {
                let row = reader.rows["sip:\(user)"]
                guard let single = singles[user] else {
                    #expect(row == ListReader.Row(state: .terminated(reason: "rejected"), document: nil))
                    seen.insert("rejected")
                    continue
                }
                #expect(row == single.row, "\(user) at \(driver.now)")
                seen.insert(single.row.state == .pending ? "pending" : "active")
            }
        }
    }

    @Test(
        "Whoever replays a list's notifications knows what single subscriptions tell, and versions have no gap",
        arguments: 1...20 as ClosedRange<UInt64>)
    func course(seed: UInt64) throws {
        var course = try Course(seed: seed)
        for _ in 0..<5 {
            for _ in 0..<40 { try course.step() }
            try course.settle()
        }
        #expect(course.partial > 10)
        #expect(course.seen == ["active", "pending", "rejected"])
    }
}
