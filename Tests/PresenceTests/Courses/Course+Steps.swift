import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing

extension Course {
    mutating func step() throws {
        driver.actions = []
        switch draw(24) {
        case 0..<4: try publish()
        case 4..<6: try refreshOrRemove()
        case 6: try publishUnderFormerTag()
        case 7..<11: try subscribe()
        case 11..<13: try subscribeAgain()
        case 13..<18: if !open.isEmpty { try answer(open.remove(at: draw(open.count))) }
        case 18..<20: try setRules()
        case 20: register()
        case 21..<23: try wait(.milliseconds(draw(30_000)))
        default: restart()
        }
        try collect()
    }

    // MARK: Presentities

    private mutating func tuples() -> [PresentityModel.Tuple] {
        let ids = Set((0...draw(2)).map { _ in "t\(draw(3))" }).sorted()
        return ids.map { PresentityModel.Tuple(id: $0, isOpen: draw(2) == 0, hasNote: draw(3) == 0) }
    }

    private mutating func publish() throws {
        let user = pick([Self.alice, Self.carol])
        let known = presentities[user]!.publications
        let expires = 60 + draw(240)
        presentities[user]!.order += 1
        var publication = PresentityModel.Publication(
            tag: "", tuples: tuples(), sphere: pick([nil, nil, "work", "home"]),
            expires: driver.now + .seconds(expires),
            order: presentities[user]!.order)
        let index = known.isEmpty || draw(2) == 0 ? nil : draw(known.count)
        var type = "application/pidf+xml"
        var text = PresenceFixtures.document(publication.text)
        if let index, draw(2) == 0, let first = known[index].tuples.first {
            // A change of the first tuple's status.
            publication.tuples = known[index].tuples
            publication.tuples[0].isOpen.toggle()
            publication.sphere = known[index].sphere
            type = "application/pidf-diff+xml"
            text = """
                <?xml version="1.0"?><p:pidf-diff xmlns="urn:ietf:params:xml:ns:pidf" \
                xmlns:p="urn:ietf:params:xml:ns:pidf-diff"><p:replace \
                sel="*/*[@id='\(first.id)']/status/basic/text()">\(first.isOpen ? "closed" : "open")</p:replace>\
                </p:pidf-diff>
                """
        }
        let status = try send(text, of: user, tag: index.map { known[$0].tag }, expires: expires, type: type)
        #expect(status == 200)
        publication.tag = try driver.response?.sipETag ?? ""
        let place = index ?? known.firstIndex(where: \.isGivenUp)
        publication.formerTag = place.map { known[$0].tag } ?? ""
        if let place {
            presentities[user]!.publications[place] = publication
        } else {
            presentities[user]!.publications.append(publication)
        }
    }

    private mutating func refreshOrRemove() throws {
        let user = pick([Self.alice, Self.carol])
        let known = presentities[user]!.publications
        guard !known.isEmpty else { return }
        let index = draw(known.count)
        let expires = pick([0, 60 + draw(240)])
        #expect(try send(nil, of: user, tag: known[index].tag, expires: expires) == 200)
        if expires == 0 {
            presentities[user]!.publications.remove(at: index)
            presentities[user]!.publicationsWent()
        } else {
            presentities[user]!.publications[index].formerTag = known[index].tag
            presentities[user]!.publications[index].tag = try driver.response?.sipETag ?? ""
            presentities[user]!.publications[index].expires = driver.now + .seconds(expires)
        }
    }

    /// A phone that missed the answer to its last PUBLISH.
    private mutating func publishUnderFormerTag() throws {
        let user = pick([Self.alice, Self.carol])
        let known = presentities[user]!.publications
        guard let index = known.firstIndex(where: { !$0.formerTag.isEmpty }) else { return }
        #expect(try send(nil, of: user, tag: known[index].formerTag, expires: 100) == 412)
        presentities[user]!.publications[index].isGivenUp = true
    }

    private mutating func send(
        _ document: String?, of user: AddressOfRecord, tag: String?, expires: Int, type: String = ""
    ) throws -> Int {
        var lines = ["Event: presence", "Expires: \(expires)"]
        if document != nil { lines.append("Content-Type: \(type)") }
        if let tag { lines.append("SIP-If-Match: \(tag)") }
        try driver.request(
            AgentDriver.text(
                "PUBLISH", "sip:\(user)", to: "<sip:\(user)>", from: "<sip:\(user)>;tag=p", lines,
                document ?? ""),
            as: user)
        return driver.response?.statusCode ?? 0
    }

    private mutating func setRules() throws {
        let user = pick([Self.alice, Self.carol])
        guard draw(6) > 0 else {
            presentities[user]!.rules = nil
            driver.handle(.rules(user, nil, externalLists: [:]))
            return
        }
        var rules: [PresentityModel.Rule] = []
        for watcher in Self.watchers {
            for _ in 0..<draw(3) {
                rules.append(
                    PresentityModel.Rule(
                        id: "r\(rules.count)", watcher: watcher, sphere: pick([nil, nil, "work", "home"]),
                        handling: pick([.block, .confirm, .politeBlock, .allow, .allow, .allow]),
                        grant: pick(PresentityModel.Grant.allCases)))
            }
        }
        presentities[user]!.rules = rules
        let text = RulesetFixtures.document(rules.map(\.text).joined())
        driver.handle(.rules(user, try Ruleset(parsing: Array(text.utf8)), externalLists: [:]))
    }

    private mutating func register() {
        let user = pick([Self.alice, Self.carol])
        presentities[user]!.isRegistered.toggle()
        if !presentities[user]!.isRegistered { presentities[user]!.isDeparted = false }
        driver.handle(bindings(of: user))
    }

    private func bindings(of user: AddressOfRecord) -> PresenceAgent.Event {
        let binding = Binding(
            aor: user, contact: SIPURI("sip:x@198.51.100.9:5062")!, flow: AgentDriver.phone, callID: "r1", cseq: 1,
            expires: driver.now + .hours(1000))
        return .bindings(user, presentities[user]!.isRegistered ? [binding] : [])
    }

    // MARK: Watchers

    private mutating func subscribe() throws {
        names += 1
        let granted = draw(4) == 0 ? 0 : 60 + draw(400)
        var watcher = CourseWatcher(
            kind: pick(CourseWatcher.Kind.allCases), user: pick(Self.watchers),
            presentity: pick([Self.alice, Self.carol]), call: "call\(names)",
            rates: pick(["", "", "", ";max-rate=0.1", ";min-rate=0.05", ";adaptive-min-rate=0.05;max-rate=0.5"]),
            expires: driver.now + .seconds(granted))
        let status = try send(watcher, expires: granted)
        let isRefused = watcher.kind != .list && presentities[watcher.presentity]!.handling(of: watcher.user) == .block
        #expect(status == (isRefused ? 403 : 200))
        guard status == 200 else { return }
        watcher.toTag = try driver.response?.to.tag ?? ""
        if granted == 0 { watcher.end("timeout") }
        subscriptions[watcher.call] = watcher
    }

    private mutating func subscribeAgain() throws {
        let alive = subscriptions.values.filter { !$0.isOver }.map(\.call).sorted()
        guard !alive.isEmpty else { return }
        let call = pick(alive)
        let granted = draw(4) == 0 ? 0 : 60 + draw(400)
        subscriptions[call]!.cseq += 1
        #expect(try send(subscriptions[call]!, expires: granted) == 200)
        subscriptions[call]!.expires = driver.now + .seconds(granted)
        if granted == 0 {
            subscriptions[call]!.end("timeout")
        } else {
            subscriptions[call]!.rejected = []
        }
    }

    private mutating func send(_ watcher: CourseWatcher, expires: Int) throws -> Int {
        let isList = watcher.kind == .list
        let uri = isList ? "sip:rls@example.org" : "sip:\(watcher.presentity)"
        var lines = watcher.headers
        var body = watcher.body
        if isList {
            if watcher.toTag.isEmpty {
                lines += [
                    "Require: recipient-list-subscribe", "Content-Disposition: recipient-list",
                    "Content-Type: application/resource-lists+xml",
                ]
                body = ListFixtures.flat([Self.alice, Self.carol].map { "sip:\($0)" })
            }
        }
        lines += ["Expires: \(expires)", "Contact: <sip:w@198.51.100.7:5062>"]
        let toTag = watcher.toTag.isEmpty ? "" : ";tag=\(watcher.toTag)"
        try driver.request(
            AgentDriver.text(
                "SUBSCRIBE", uri, to: "<\(uri)>\(toTag)", from: "<sip:\(watcher.user)>;tag=w", call: watcher.call,
                cseq: watcher.cseq, lines, body), flow: watcher.flow, as: watcher.user)
        return driver.response?.statusCode ?? 0
    }

    // MARK: The node

    private mutating func restart() {
        // However fast a process starts again, some time passes.
        driver.now += .milliseconds(1)
        for user in presentities.keys {
            presentities[user]!.expire(at: driver.now)
            for index in presentities[user]!.publications.indices {
                presentities[user]!.publications[index].isGivenUp = false
            }
        }
        open = []
        for call in subscriptions.keys {
            subscriptions[call]!.rejected = []
            // What had ended is forgotten, told or not.
            subscriptions[call]!.lastReason = nil
            if subscriptions[call]!.expires <= driver.now { subscriptions[call]!.end("timeout") }
        }
        driver.restart(after: [Self.alice, Self.carol].map { bindings(of: $0) })
        driver.actions = []
        driver.handle(.wake)
    }
}
