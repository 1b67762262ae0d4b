import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

@Suite("SUBSCRIBE and NOTIFY at the notifier (RFC 6665 §4.2)")
struct SubscribingTests {
    /// A driver with one subscription whose first NOTIFY was answered, and the tag of its dialog.
    private func subscribed(flow: Flow = AgentDriver.phone) throws -> (AgentDriver, tag: String) {
        var driver = AgentDriver()
        try driver.subscribe(expires: 600, flow: flow)
        let tag = try driver.response?.to.tag ?? ""
        let first = driver.sent[0]
        driver.answer(first)
        return (driver, tag)
    }

    @Test("A subscription is kept, confirmed and told the state, in this order")
    func first() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("t", "open"))
        #expect(try driver.subscribe(expires: 600, extra: ["Record-Route: <sip:edge.example.org;lr>"]) == 200)
        let kinds = driver.actions.map { action in
            switch action {
            case .persist(.subscription, _, _): "persist"
            case .respond: "respond"
            case .watchRemote(EventResource(AgentDriver.alice)): "watch"
            case .observe: "observe"
            case .sendRequest: "notify"
            default: "other"
            }
        }
        #expect(kinds == ["persist", "respond", "watch", "observe", "notify"])
        #expect(driver.response?.expires == 600)
        #expect(driver.response?.value(.contact)?.string == "<sip:192.0.2.1:5060;transport=udp>")
        #expect(driver.response?.count(.recordRoute) == 1)
        #expect(driver.observed == [.watching(watcher: "bob@example.org", EventResource(AgentDriver.alice))])

        let notify = driver.sent[0]
        #expect(notify.message.method == .notify)
        #expect(notify.message.requestURIText == "sip:bob@198.51.100.7:5062")
        #expect(notify.message.value(.route)?.string == "<sip:edge.example.org;lr>")
        #expect(notify.message.value(.event)?.string == "presence")
        #expect(notify.state == "active;expires=600")
        #expect(try notify.message.from.tag == (try driver.response?.to.tag))
        #expect(try notify.message.to.tag == "w1")
        #expect(try notify.message.cseq == CSeq(1, .notify))
        #expect(try notify.message.contentType?.essence == "application/pidf+xml")
        #expect(notify.hop == .flow(AgentDriver.phone))
        #expect(notify.message.value(.sipETag) != nil)
        #expect(summary(notify.document) == "t=open")
        #expect(notify.document?[attribute: XMLName("entity")] == "sip:alice@example.org")
    }

    @Test("Of a presentity nothing is known of, the state is closed")
    func unknownPresentity() throws {
        var driver = AgentDriver()
        try driver.subscribe()
        #expect(driver.sent[0].state == "active;expires=3600")
        #expect(driver.sent[0].document?.all(PIDF.tuple).count == 1)
        #expect(summary(driver.sent[0].document).hasSuffix("=closed"))
    }

    @Test("Each change is told; what changes nothing is not")
    func changes() throws {
        var (driver, _) = try subscribed()
        try driver.publish(tuple("t", "open"))
        let tag = try driver.response?.sipETag
        #expect(driver.sent.map { summary($0.document) } == ["t=open"])
        driver.answer(driver.sent[0])
        try driver.publish(tag: tag)
        #expect(driver.sent.isEmpty)
        try driver.publish(tuple("t", "closed"), tag: try driver.response?.sipETag)
        #expect(driver.sent.map { summary($0.document) } == ["t=closed"])
        #expect(try driver.sent[0].message.cseq.number == 3)
    }

    @Test("While a NOTIFY is unanswered nothing else is sent, and then only the newest state")
    func oneOutstanding() throws {
        var driver = AgentDriver()
        try driver.subscribe()
        let first = driver.sent[0]
        try driver.publish(tuple("t", "open"))
        #expect(driver.sent.isEmpty)
        for status in ["closed", "open", "closed"] {
            try driver.publish(tuple("t", status), tag: try driver.response?.sipETag)
            #expect(driver.sent.isEmpty)
        }
        let next = driver.answer(first)
        #expect(next.map { summary($0.document) } == ["t=closed"])
        #expect(driver.answer(next[0]).isEmpty)
    }

    @Test("A user, or another node, has a bounded number of subscriptions, refreshed at will and given back at the end")
    func sources() throws {
        var driver = AgentDriver {
            $0.maximumSubscriptionsPerUser = 2
            $0.maximumSubscriptionsPerNode = 3
        }
        let carol = AddressOfRecord("carol@example.org")!
        #expect(try driver.subscribe(call: "u1", expires: 600) == 200)
        let tag = try driver.response?.to.tag
        driver.answer(driver.sent[0])
        #expect(try driver.subscribe(call: "u2", expires: 600) == 200)
        driver.answer(driver.sent[0])
        // Whatever address it comes from.
        #expect(try driver.subscribe(call: "u3", expires: 600, flow: AgentDriver.stream) == 503)
        #expect(try driver.subscribe(call: "c1", expires: 600, as: carol) == 200)
        let node = Flow.overlay(AgentDriver.farNode)
        for call in 1...3 {
            let user = AddressOfRecord("user\(call)@example.org")!
            #expect(try driver.subscribe(call: "n\(call)", expires: 600, flow: node, as: user) == 200)
        }
        #expect(try driver.subscribe(call: "n4", expires: 600, flow: node, as: carol) == 503)
        driver.restart()
        driver.advance(.seconds(1))
        for notify in driver.sent { driver.answer(notify) }
        #expect(try driver.subscribe(call: "u3", expires: 600) == 503)
        #expect(try driver.subscribe(call: "u1", to: tag, cseq: 2, expires: 600) == 200)
        driver.answer(driver.sent[0])
        #expect(try driver.subscribe(call: "u1", to: tag, cseq: 3, expires: 0) == 200)
        driver.answer(driver.sent[0])
        #expect(try driver.subscribe(call: "u3", expires: 600) == 200)
    }

    @Test("What a subscription keeps is bounded, Contact and Event included, also when it is refreshed")
    func sizes() throws {
        var (driver, tag) = try subscribed()
        let long = String(repeating: "x", count: 4_200)
        let contact = "<sip:\(long)@198.51.100.7>"
        #expect(try driver.subscribe(call: "c", contact: contact) == 400)
        #expect(try driver.subscribe(call: "e", event: "presence;id=\(long)") == 400)
        #expect(try driver.subscribe(to: tag, cseq: 2, contact: contact) == 400)
        #expect(try driver.subscribe(to: tag, cseq: 2) == 200)
    }

    @Test("A fetch gets the state once and leaves nothing behind")
    func fetch() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("t", "open"))
        #expect(try driver.subscribe(expires: 0) == 200)
        #expect(driver.response?.expires == 0)
        #expect(driver.sent[0].state == "terminated;reason=timeout")
        #expect(summary(driver.sent[0].document) == "t=open")
        #expect(driver.journal[.subscription] == nil)
        driver.answer(driver.sent[0])
        #expect(driver.agent.subscriptionCount == 0)
        try driver.publish(tuple("t", "closed"), tag: nil)
        #expect(driver.sent.isEmpty)
    }

    @Test("A refresh gets the state, moves the target and extends the time")
    func refresh() throws {
        var (driver, tag) = try subscribed()
        driver.advance(.seconds(500))
        #expect(
            try driver.subscribe(to: tag, cseq: 2, expires: 300, contact: "<sip:bob@198.51.100.9>") == 200)
        #expect(driver.sent[0].state == "active;expires=300")
        #expect(driver.sent[0].message.requestURIText == "sip:bob@198.51.100.9")
        #expect(driver.sent[0].document != nil)
        driver.answer(driver.sent[0])
        driver.advance(.seconds(299))
        #expect(driver.agent.subscriptionCount == 1)
        driver.advance(.seconds(1))
        #expect(driver.sent[0].state == "terminated;reason=timeout")
    }

    @Test("Unsubscribing ends with a last NOTIFY")
    func unsubscribe() throws {
        var (driver, tag) = try subscribed()
        #expect(try driver.subscribe(to: tag, cseq: 2, expires: 0) == 200)
        #expect(driver.sent[0].state == "terminated;reason=timeout")
        #expect(
            driver.observed == [
                .stoppedWatching(watcher: "bob@example.org", EventResource(AgentDriver.alice), .unsubscribed)
            ])
        #expect(
            driver.actions.contains {
                if case .unwatchRemote(EventResource(AgentDriver.alice)) = $0 { true } else { false }
            })
        #expect(driver.journal[.subscription] == [:])
        let last = driver.sent[0]
        #expect(try driver.subscribe(to: tag, cseq: 3, expires: 600) == 481)
        driver.answer(last)
        #expect(driver.agent.subscriptionCount == 0)
    }

    @Test("A subscription that is not refreshed is told that it is over")
    func expiry() throws {
        var (driver, tag) = try subscribed()
        driver.advance(.seconds(600))
        #expect(driver.sent.map(\.state) == ["terminated;reason=timeout"])
        #expect(driver.sent[0].document == nil)
        #expect(driver.observed.count == 1)
        driver.answer(driver.sent[0])
        #expect(driver.agent.subscriptionCount == 0)
        #expect(try driver.subscribe(to: tag, cseq: 2, expires: 600) == 481)
    }

    @Test("The last NOTIFY waits for the one before it")
    func terminationQueues() throws {
        var driver = AgentDriver()
        try driver.subscribe(expires: 600)
        let first = driver.sent[0]
        let tag = try driver.response?.to.tag
        try driver.subscribe(to: tag, cseq: 2, expires: 0)
        #expect(driver.sent.isEmpty)
        let last = driver.answer(first)
        #expect(last.map(\.state) == ["terminated;reason=timeout"])
        driver.answer(last[0])
        #expect(driver.agent.subscriptionCount == 0)
    }

    @Test(
        "Requests that can't be served are refused",
        arguments: [
            (["Contact: <sip:b@h>"], 489, HeaderName.allowEvents, AgentDriver.allowEvents),
            (["Contact: <sip:b@h>", "Event: conference"], 489, .allowEvents, AgentDriver.allowEvents),
            (["Contact: <sip:b@h>", "Event: presence", "Expires: 59"], 423, .minExpires, "60"),
            (["Contact: <sip:b@h>", "Event: presence", "Accept: text/plain"], 406, .accept, "application/pidf+xml"),
            (
                ["Contact: <sip:b@h>", "Event: presence", "Require: 100rel, eventlist"], 420, .unsupported,
                "100rel"
            ),
            (["Event: presence"], 400, nil, ""),
            (["Event: presence", "Contact: <sip:b@h>, <sip:c@h>"], 400, nil, ""),
            (["Event: presence", "Contact: <mailto:b@h>"], 400, nil, ""),
        ] as [([String], Int, HeaderName?, String)])
    func refusals(lines: [String], status: Int, header: HeaderName?, value: String) throws {
        var driver = AgentDriver()
        try driver.request(
            AgentDriver.text(
                "SUBSCRIBE", "sip:alice@example.org", to: "<sip:alice@example.org>",
                from: "<sip:bob@example.org>;tag=b", lines, ""))
        #expect(driver.response?.statusCode == status)
        if let header { #expect(driver.response?.value(header)?.string == value) }
        #expect(driver.agent.subscriptionCount == 0)
        #expect(driver.sent.isEmpty)
    }

    @Test("Accept may be a range", arguments: ["*/*", "application/*", "text/plain, application/pidf+xml;q=0.5"])
    func ranges(_ accept: String) throws {
        var driver = AgentDriver()
        #expect(try driver.subscribe(extra: ["Accept: \(accept)"]) == 200)
    }

    @Test("A dialog that is not there, out of order or asked to be shared")
    func dialogs() throws {
        var (driver, tag) = try subscribed()
        #expect(try driver.subscribe(to: "stranger", cseq: 2) == 481)
        #expect(try driver.subscribe(call: "other", to: tag, cseq: 2) == 481)
        #expect(try driver.subscribe(from: "other", to: tag, cseq: 2) == 481)
        #expect(try driver.subscribe(to: tag, cseq: 5) == 200)
        #expect(try driver.subscribe(to: tag, cseq: 4) == 500)
        #expect(try driver.subscribe(to: tag, cseq: 6, event: "presence;id=7") == 403)
        #expect(driver.agent.subscriptionCount == 1)
    }

    @Test("Nobody but the watcher touches its subscription, and nobody makes it hold much")
    func hijacking() throws {
        var (driver, tag) = try subscribed()
        #expect(try driver.subscribe(to: tag, cseq: 2, expires: 0, as: AgentDriver.alice) == 403)
        #expect(try driver.subscribe(to: tag, cseq: 2, flow: .overlay(AgentDriver.farNode)) == 403)
        #expect(try driver.subscribe(cseq: 2, as: AgentDriver.alice) == 403)
        #expect(driver.sent.isEmpty)
        #expect(try driver.subscribe(to: tag, cseq: 2, expires: 600) == 200)
        #expect(try driver.subscribe(call: String(repeating: "c", count: 5_000), from: "w2") == 400)
        let routes = (0..<33).map { "Record-Route: <sip:p\($0);lr>" }
        #expect(try driver.subscribe(from: "w3", extra: routes) == 400)
        #expect(driver.agent.subscriptionCount == 1)
    }

    @Test("News in the time that a watcher asked to be left alone comes when that is over")
    func patience() throws {
        var (driver, _) = try subscribed()
        try driver.publish(tuple("t", "open"))
        driver.answer(driver.sent[0], 503, headers: [(.retryAfter, "30")])
        try driver.publish(tuple("u", "open"))
        #expect(driver.sent.isEmpty)
        driver.advance(.seconds(30))
        #expect(driver.sent.map { summary($0.document) } == ["u=open t=open"])
    }

    @Test("The id of the Event header field is in every NOTIFY")
    func eventID() throws {
        var driver = AgentDriver()
        try driver.subscribe(event: "presence;id=a1")
        #expect(try driver.sent[0].message.event?.id == "a1")
        let tag = try driver.response?.to.tag
        driver.answer(driver.sent[0])
        #expect(try driver.subscribe(to: tag, cseq: 2, event: "presence;id=a1") == 200)
        #expect(try driver.sent[0].message.event?.id == "a1")
    }

    @Test("The same SUBSCRIBE by two paths is merged; a watcher that begins anew replaces what it had")
    func duplicates() throws {
        var (driver, _) = try subscribed()
        #expect(try driver.subscribe(cseq: 1, expires: 600) == 482)
        #expect(try driver.subscribe(cseq: 2, expires: 600) == 200)
        #expect(driver.agent.subscriptionCount == 1)
        #expect(driver.journal[.subscription]?.count == 1)
        #expect(driver.observed.count == 2)
        driver.answer(driver.sent[0])
        try driver.publish(tuple("t", "open"))
        #expect(driver.sent.count == 1)
    }

    @Test(
        "A watcher that is gone is dropped, and only that one",
        arguments: [404, 405, 408, 410, 416, 480, 481, 484, 485, 489, 501, 604])
    func dropped(_ status: Int) throws {
        var (driver, _) = try subscribed()
        try driver.subscribe(call: "second", from: "w2")
        driver.answer(driver.sent[0])
        try driver.publish(tuple("t", "open"))
        let notifies = driver.sent
        #expect(notifies.count == 2)
        driver.answer(notifies[0], status)
        #expect(
            driver.observed == [
                .watcherDropped(watcher: "bob@example.org", EventResource(AgentDriver.alice), status: status)
            ])
        #expect(driver.agent.subscriptionCount == 1)
        #expect(driver.journal[.subscription]?.count == 1)
        driver.answer(notifies[1])
        try driver.publish(tuple("u", "open"))
        #expect(driver.sent.count == 1)
    }

    @Test("A NOTIFY that nobody answered drops its watcher")
    func timeout() throws {
        var (driver, _) = try subscribed()
        try driver.publish(tuple("t", "open"))
        driver.handle(.requestFailed(driver.sent[0].token, status: 408))
        #expect(driver.agent.subscriptionCount == 0)
        #expect(driver.observed.count == 1)
    }

    @Test("A passing failure is tried again, later each time, with the newest state, and at last given up")
    func passingFailure() throws {
        var (driver, _) = try subscribed()
        try driver.publish(tuple("t", "open"))
        driver.answer(driver.sent[0], 500)
        #expect(driver.sent.isEmpty)
        driver.advance(.milliseconds(4_900))
        #expect(driver.sent.isEmpty)
        driver.advance(.milliseconds(100))
        #expect(driver.sent.map { summary($0.document) } == ["t=open"])
        driver.answer(driver.sent[0], 500, headers: [(.retryAfter, "60")])
        driver.advance(.seconds(59))
        #expect(driver.sent.isEmpty)
        driver.advance(.seconds(1))
        for _ in 0..<3 {
            driver.answer(driver.sent[0], 500)
            driver.advance(.seconds(90))
            #expect(driver.sent.count == 1)
        }
        driver.answer(driver.sent[0], 500)
        #expect(driver.agent.subscriptionCount == 0)
    }

    @Test("When a connection is gone the watcher is reached by its contact; a refresh brings the new one")
    func connections() throws {
        var (driver, tag) = try subscribed(flow: AgentDriver.stream)
        try driver.publish(tuple("t", "open"))
        #expect(driver.sent[0].hop == .flow(AgentDriver.stream))
        driver.handle(.requestFailed(driver.sent[0].token, status: 503))
        #expect(driver.sent.map(\.hop) == [nil])
        driver.handle(.requestFailed(driver.sent[0].token, status: 503))
        #expect(driver.sent.isEmpty)
        var other = AgentDriver.stream
        other.connection = 10
        #expect(try driver.subscribe(to: tag, cseq: 2, expires: 600, flow: other) == 200)
        #expect(driver.sent.map(\.hop) == [.flow(other)])
        #expect(summary(driver.sent[0].document) == "t=open")
    }

    @Test("A strict router takes the place of the Request-URI")
    func strictRouting() throws {
        var driver = AgentDriver()
        try driver.subscribe(extra: ["Record-Route: <sip:strict.example.org>, <sip:loose.example.org;lr>"])
        let notify = driver.sent[0].message
        #expect(notify.requestURIText == "sip:strict.example.org")
        #expect(
            notify.values(.route).map(\.string) == ["<sip:loose.example.org;lr>", "<sip:bob@198.51.100.7:5062>"])
    }

    @Test("There are only so many subscriptions")
    func bounds() throws {
        var driver = AgentDriver { $0.maximumSubscriptionsPerPresentity = 2 }
        #expect(try driver.subscribe(from: "1") == 200)
        #expect(try driver.subscribe(from: "2") == 200)
        #expect(try driver.subscribe(from: "3") == 503)
        #expect(driver.response?.value(.retryAfter) != nil)
        #expect(driver.agent.subscriptionCount == 2)
    }

    @Test("What is emitted is valid", .enabled(if: PresenceFixtures.schema != nil))
    func valid() throws {
        var driver = AgentDriver()
        try driver.publish(PresenceFixtures.rich)
        try driver.publish(tuple("p1", "closed") + "<note>late</note>")
        try driver.subscribe()
        #expect(try PresenceFixtures.schemaComplaints(about: Array(driver.sent[0].message.body)) == "")
    }
}
