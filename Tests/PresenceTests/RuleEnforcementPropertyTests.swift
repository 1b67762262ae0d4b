import Presence
import Primitives
import SIPMessages
import Testing
import XMLTree

@Suite("Any course of rules, publications and watchers")
struct RuleEnforcementPropertyTests {
    /// One presentity whose rules change while people watch.
    private struct Course {
        /// What a watcher was last told.
        struct Heard {
            var call: String
            var toTag: String
            var cseq = 1
            var state = ""
            var body: [UInt8] = []
        }

        var source: RandomRules
        var driver: AgentDriver
        var rules: [RandomRules.Rule] = []
        var document: [RandomRules.Occurrence] = []
        var tag: String?
        var heard: [Int: Heard] = [:]
        var names = 0
        var shown = 0

        init(seed: UInt64) {
            source = RandomRules(seed: seed)
            driver = AgentDriver(seed: seed)
            driver.now = RulesetFixtures.noon
        }

        mutating func step() throws {
            switch Int.random(in: 0..<12, using: &source.random) {
            case 0...2: try setRules()
            case 3...5: try publish()
            case 6...9: try subscribe(Int.random(in: 0..<RandomRules.watchers.count, using: &source.random))
            case 10: try unsubscribe()
            default:
                driver.restart()
                driver.advance(.seconds(1))
            }
            try settle()
            check()
        }

        private mutating func setRules() throws {
            rules = source.rules(Int.random(in: 0...4, using: &source.random))
            let text = RulesetFixtures.document(rules.map(\.text).joined())
            driver.handle(
                .rules(
                    AgentDriver.alice, try Ruleset(parsing: Array(text.utf8)), externalLists: RandomRules.lists))
        }

        private mutating func publish() throws {
            document = source.document()
            // The rules ask whether alice is at work; who may see that person of hers is of no interest here.
            let sphere = "<dm:person id='sphere'><r:sphere><r:work/></r:sphere></dm:person>"
            _ = try driver.publish(document.map(\.text).joined() + sphere, tag: tag, expires: 3600)
            tag = try driver.response?.sipETag
        }

        private static func user(_ watcher: WatcherIdentity) -> (from: String, proven: AddressOfRecord?) {
            switch watcher {
            case .authenticated(let user): ("<sip:\(user)>", user)
            case .unauthenticated(let user): ("<sip:\(user)>", nil)
            case .anonymous: ("<sip:anonymous@anonymous.invalid>", nil)
            }
        }

        private mutating func subscribe(_ watcher: Int, expires: Int = 3600) throws {
            let (from, proven) = Self.user(RandomRules.watchers[watcher])
            var name = heard[watcher] ?? Heard(call: "call\(names)", toTag: "")
            if heard[watcher] == nil { names += 1 } else { name.cseq += 1 }
            let to = name.toTag.isEmpty ? "" : ";tag=\(name.toTag)"
            try driver.request(
                AgentDriver.text(
                    "SUBSCRIBE", "sip:alice@example.org", to: "<sip:alice@example.org>\(to)",
                    from: "\(from);tag=\(watcher)",
                    call: name.call, cseq: name.cseq,
                    ["Event: presence", "Expires: \(expires)", "Contact: <sip:w@198.51.100.7>"], ""), as: proven)
            let handling = handling(of: watcher)
            let status = driver.response?.statusCode
            #expect(status == (handling == .block ? 403 : 200))
            guard status == 200 else { return }
            name.toTag = try driver.response?.to.tag ?? ""
            heard[watcher] = name
        }

        private mutating func unsubscribe() throws {
            guard let watcher = heard.keys.sorted().first else { return }
            try subscribe(watcher, expires: 0)
        }

        private func handling(of watcher: Int) -> SubscriptionHandling {
            let matching = RandomRules.matching(rules, RandomRules.watchers[watcher])
            return matching.map(\.handling).max() ?? .confirm
        }

        private func visible(to watcher: Int) -> Set<String> {
            RandomRules.visible(document, by: RandomRules.matching(rules, RandomRules.watchers[watcher]))
        }

        /// What a document says, but for what stands in every one of alice's.
        private static func said(_ body: [UInt8]) -> Set<String> {
            guard let root = try? XMLDocument(parsing: body).root else { return [] }
            return RandomRules.summary(root).filter { !$0.hasPrefix("sphere") && !$0.hasPrefix(Composition.neutralID) }
        }

        /// Every NOTIFY arrives; none may say what its watcher may not know now.
        private mutating func settle() throws {
            var open = driver.sent
            while !open.isEmpty {
                let sent = open.removeFirst()
                let call = try sent.message.callID
                let watcher = try #require(heard.first { $0.value.call == call }?.key)
                let body = Array(sent.message.body)
                heard[watcher]!.state = sent.state
                if !body.isEmpty {
                    heard[watcher]!.body = body
                    switch handling(of: watcher) {
                    case .block, .confirm: Issue.record("a document for a watcher who may have none")
                    case .politeBlock: #expect(body == Composition.offlineDocument(of: AgentDriver.alice))
                    case .allow: #expect(Self.said(body).isSubset(of: visible(to: watcher)))
                    }
                }
                if sent.state.hasPrefix("terminated") { heard[watcher] = nil }
                open += driver.answer(sent)
            }
        }

        /// Once all is told, everybody knows all that they may.
        private mutating func check() {
            for (watcher, heard) in heard {
                switch handling(of: watcher) {
                case .block: Issue.record("a subscription that is blocked lives on")
                case .confirm: #expect(heard.state.hasPrefix("pending"))
                case .politeBlock:
                    #expect(heard.state.hasPrefix("active"))
                    #expect(heard.body == Composition.offlineDocument(of: AgentDriver.alice))
                case .allow:
                    #expect(heard.state.hasPrefix("active"))
                    #expect(Self.said(heard.body) == visible(to: watcher))
                    shown += Self.said(heard.body).count
                }
            }
        }
    }

    @Test(
        "No watcher ever sees what the rules don't allow, and all see what they do",
        arguments: 1...20 as ClosedRange<UInt64>)
    func course(seed: UInt64) throws {
        var course = Course(seed: seed)
        // Rules from the start, since without any everybody may see everything; and a sphere, since some ask for it.
        course.driver.handle(
            .rules(AgentDriver.alice, try RulesetFixtures.ruleset(), externalLists: RandomRules.lists))
        _ = try course.driver.publish(
            "<dm:person id='sphere'><r:sphere><r:work/></r:sphere></dm:person>", expires: 3600)
        course.tag = try course.driver.response?.sipETag
        for _ in 0..<150 { try course.step() }
        #expect(course.shown > 20)
    }
}
