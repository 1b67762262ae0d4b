import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing

@Suite("The subscriber's side (RFC 6665 §4.1)")
struct SubscriberTests {
    /// A subscriber to alice, and a notifier that is played by hand.
    private struct Driver {
        var subscriber = Subscriber(random: RandomSource(seed: 4))
        var now = Instant(secondsSince1970: 1_800_000_000)
        var actions: [Subscriber.Action] = []
        var last: SIPMessage?
        var token: RequestToken?
        var cseq = 0

        mutating func handle(_ event: Subscriber.Event) {
            actions = []
            subscriber.handle(event, at: now, into: &actions)
            for case .sendRequest(let token, let message, _) in actions {
                self.token = token
                last = message
            }
        }

        mutating func begin(expires: Interval = .seconds(3600)) {
            let target = SubscriptionTarget(
                resource: SIPURI("sip:alice@example.org")!, watcher: SIPURI("sip:bob@example.org")!, expires: expires,
                contact: SIPURI("sip:bob@192.0.2.9:5070")!, nextHop: .flow(AgentDriver.stream))
            handle(.subscribe(7, target))
        }

        mutating func answer(_ status: Int, headers: [(HeaderName, String)] = []) {
            handle(.response(token!, last!.response(status, toTag: "r", headers: headers)))
        }

        /// A NOTIFY in the dialog of the last SUBSCRIBE; gives the status of the response.
        @discardableResult
        mutating func notify(
            _ state: String, body: String = "", from tag: String = "n1", event: String = "presence",
            call: String? = nil,
            to: String? = nil, cseq: Int? = nil, extra: [String] = []
        ) throws -> Int {
            self.cseq += 1
            let toTag = try to ?? last!.from.tag!
            let text = AgentDriver.text(
                "NOTIFY", "sip:bob@192.0.2.9:5070", to: "<sip:bob@example.org>;tag=\(toTag)",
                from: "<sip:alice@example.org>;tag=\(tag)", call: try call ?? last!.callID, cseq: cseq ?? self.cseq,
                ["Event: \(event)", "Contact: <sip:pa.example.org>"]
                    + (state.isEmpty ? [] : ["Subscription-State: \(state)"])
                    + (body.isEmpty ? [] : ["Content-Type: application/pidf+xml"]) + extra, body)
            handle(.request(ServerTransactionID(1), try SIPMessage(parsing: Array(text.utf8))))
            for case .respond(_, let response) in actions { return response.statusCode! }
            return 0
        }

        mutating func advance(_ interval: Interval) {
            let end = now + interval
            var all: [Subscriber.Action] = []
            while let deadline = subscriber.nextDeadline, deadline <= end {
                now = deadline
                handle(.wake)
                all += actions
            }
            now = end
            actions = all
        }

        var sent: Int { actions.count { if case .sendRequest = $0 { true } else { false } } }
        var notifications: [Subscriber.Notification] {
            actions.compactMap { if case .notified(7, let notification) = $0 { notification } else { nil } }
        }
        var ended: [Subscriber.End] {
            actions.compactMap { if case .ended(7, let end, _) = $0 { end } else { nil } }
        }
        /// How long after now the subscription is begun anew; nil when it is not.
        var retry: Interval? {
            for case .ended(7, _, let retry) in actions { return retry.map { $0 - now } }
            return nil
        }

        /// A subscription that has stood for a minute.
        static func established() throws -> Driver {
            var driver = Driver()
            driver.begin()
            driver.answer(200, headers: [(.expires, "3600")])
            try driver.notify("active;expires=3600", body: "<state/>")
            driver.advance(.seconds(60))
            return driver
        }
    }

    @Test("SUBSCRIBE carries what a notifier needs")
    func request() throws {
        var driver = Driver()
        driver.begin(expires: .seconds(600))
        let request = try #require(driver.last)
        #expect(request.method == .subscribe)
        #expect(request.requestURIText == "sip:alice@example.org")
        #expect(request.expires == 600)
        #expect(try request.event?.package == "presence")
        #expect(try request.contacts.map(\.uri.description) == ["sip:bob@192.0.2.9:5070"])
        #expect(try request.accept?.map(\.essence) == ["application/pidf+xml"])
        #expect(try request.from.tag != nil)
        #expect(try request.to.tag == nil)
    }

    @Test("A NOTIFY is taken whether it comes before or after the 200")
    func order() throws {
        for notifyFirst in [true, false] {
            var driver = Driver()
            driver.begin()
            if !notifyFirst { driver.answer(200, headers: [(.expires, "3600")]) }
            #expect(try driver.notify("active;expires=3600", body: "<state/>", extra: ["SIP-ETag: 12"]) == 200)
            #expect(
                driver.notifications == [
                    Subscriber.Notification(
                        state: .active, body: Array("<state/>".utf8), contentType: "application/pidf+xml",
                        entityTag: "12")
                ])
            if notifyFirst { driver.answer(200, headers: [(.expires, "3600")]) }
            #expect(try driver.notify("pending;expires=3600") == 200)
            #expect(driver.notifications.map(\.state) == [.pending])
        }
    }

    @Test("It can be refreshed, or begun again, sooner than planned")
    func hasten() throws {
        var driver = try Driver.established()
        let dialog = try #require(driver.last).callID
        driver.handle(.hasten(7))
        #expect(driver.sent == 0)
        driver.advance(.seconds(4))
        #expect(driver.sent == 1)
        #expect(try driver.last?.callID == dialog)
        // While a SUBSCRIBE is under way there is nothing to hasten.
        driver.handle(.hasten(7))
        driver.advance(.seconds(4))
        #expect(driver.sent == 0)
        driver.answer(481)
        for _ in 0..<8 {
            driver.advance(try #require(driver.retry))
            driver.handle(.requestFailed(driver.token!, status: 408))
        }
        let planned = try #require(driver.retry)
        #expect(planned > .minutes(5))
        driver.handle(.hasten(7))
        driver.advance(.seconds(4))
        #expect(driver.sent == 1)
        #expect(try driver.last?.callID != dialog)
    }

    @Test("It is refreshed in its dialog before the time that the notifier granted is over")
    func refresh() throws {
        var driver = Driver()
        driver.begin()
        driver.answer(200, headers: [(.expires, "3600")])
        try driver.notify("active;expires=100", extra: ["Record-Route: <sip:b.example.org;lr>, <sip:a.example.org;lr>"])
        let first = try #require(driver.last)
        driver.advance(.seconds(74))
        #expect(driver.sent == 0)
        driver.advance(.seconds(17))
        #expect(driver.sent == 1)
        let second = try #require(driver.last)
        #expect(try second.callID == first.callID)
        #expect(try second.from.tag == first.from.tag)
        #expect(try second.to.tag == "n1")
        #expect(try second.cseq.number == 2)
        #expect(second.requestURIText == "sip:pa.example.org")
        #expect(second.values(.route).map(\.string) == ["<sip:b.example.org;lr>", "<sip:a.example.org;lr>"])
    }

    @Test("What does not belong to a subscription is refused")
    func strangers() throws {
        var driver = Driver()
        driver.begin()
        #expect(try driver.notify("active", to: "other") == 481)
        #expect(try driver.notify("active", call: "other") == 481)
        #expect(try driver.notify("active", event: "dialog") == 489)
        #expect(try driver.notify("active", event: "presence;id=3") == 481)
        #expect(try driver.notify("") == 400)
        #expect(driver.notifications.isEmpty)
        #expect(try driver.notify("active;expires=100", from: "n1", cseq: 10) == 200)
        #expect(try driver.notify("active;expires=100", from: "fork", cseq: 11) == 481)
        #expect(try driver.notify("active;expires=100", from: "n1", cseq: 9) == 500)
    }

    @Test(
        "How it ends says whether and when it begins anew (RFC 6665 §4.1.3)",
        arguments: [
            ("deactivated", 0, 0), ("timeout", 0, 0), ("probation;retry-after=60", 60, 60),
            ("giveup;retry-after=9", 9, 9),
            ("probation", 3, 5), ("giveup", 3, 5), ("unknown;retry-after=30", 30, 30),
            ("deactivated;retry-after=600", 0, 0),
            ("rejected", nil, nil), ("noresource", nil, nil), ("invariant;retry-after=9", nil, nil),
        ] as [(String, Int?, Int?)])
    func reasons(_ reason: String, _ earliest: Int?, _ latest: Int?) throws {
        var driver = try Driver.established()
        let old = driver.last
        #expect(try driver.notify("terminated;reason=\(reason)") == 200)
        #expect(driver.ended == [.terminated(reason: String(reason.prefix { $0 != ";" }))])
        guard let earliest, let latest else {
            #expect(driver.retry == nil)
            #expect(driver.subscriber.count == 0)
            return
        }
        let wait = try #require(driver.retry)
        #expect(wait >= .seconds(earliest) && wait <= .seconds(latest))
        if wait > .zero { driver.advance(wait) }
        #expect(driver.sent == 1)
        #expect(try driver.last?.callID != old?.callID)
        #expect(try driver.last?.from.tag != old?.from.tag)
        #expect(try driver.last?.to.tag == nil)
    }

    @Test("A notifier that ends everything at once is not asked in a circle")
    func noCircle() throws {
        var driver = Driver()
        driver.begin()
        var attempts = 0
        let end = driver.now + .minutes(60)
        while driver.now < end {
            try driver.notify("terminated;reason=deactivated", from: "n\(attempts)", cseq: 1)
            attempts += 1
            let wait = try #require(driver.retry)
            driver.advance(wait)
        }
        #expect(attempts < 20)
    }

    @Test("Without a NOTIFY the attempt failed when Timer N fires; another follows")
    func timerN() throws {
        var driver = Driver()
        driver.begin()
        driver.answer(200, headers: [(.expires, "3600")])
        driver.advance(.milliseconds(31_999))
        #expect(driver.ended.isEmpty)
        driver.advance(.milliseconds(1))
        #expect(driver.ended == [.noNotify])
        #expect(try #require(driver.retry) > .zero)
        // A NOTIFY that comes after all belongs to nothing any more.
        #expect(try driver.notify("active;expires=3600") == 481)
    }

    @Test(
        "A refused first SUBSCRIBE is tried again only where that may help",
        arguments: [(403, false), (404, false), (489, false), (603, false), (480, true), (503, true), (408, true)])
    func refusals(_ status: Int, _ isRetried: Bool) {
        var driver = Driver()
        driver.begin()
        driver.answer(status)
        #expect(driver.ended == [.refused(status: status)])
        #expect((driver.retry != nil) == isRetried)
        #expect(driver.subscriber.count == (isRetried ? 1 : 0))
    }

    @Test("Retry-After is waited for")
    func retryAfter() throws {
        var driver = Driver()
        driver.begin()
        driver.answer(503, headers: [(.retryAfter, "120")])
        #expect(driver.retry == .seconds(120))
    }

    @Test("A refresh that is answered with 481 begins a new dialog; a passing failure is tried again in time")
    func failedRefresh() throws {
        var driver = try Driver.established()
        let old = try driver.last?.callID
        driver.advance(try #require(driver.subscriber.nextDeadline) - driver.now)
        #expect(driver.sent == 1)
        driver.answer(500)
        #expect(driver.ended.isEmpty)
        driver.advance(.seconds(6))
        #expect(driver.sent == 1)
        #expect(try driver.last?.callID == old)
        driver.answer(481)
        #expect(driver.ended == [.refused(status: 481)])
        #expect(driver.sent == 1)
        #expect(try driver.last?.callID != old)
    }

    @Test("423 is answered with the time that is wanted, once")
    func tooBrief() {
        var driver = Driver()
        driver.begin(expires: .seconds(60))
        driver.answer(423, headers: [(.minExpires, "300")])
        #expect(driver.sent == 1)
        #expect(driver.last?.expires == 300)
        driver.answer(423, headers: [(.minExpires, "200")])
        #expect(driver.ended == [.refused(status: 423)])
    }

    @Test("A challenge is answered with what its owner gives; without it, or challenged for ever, it ends")
    func challenges() throws {
        var driver = Driver()
        driver.begin()
        for round in 0..<3 {
            driver.answer(401, headers: [("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\(round)\"")])
            #expect(driver.actions.count { if case .needsCredentials(7, _, _) = $0 { true } else { false } } == 1)
            driver.handle(.credentials(7, [CredentialField("Authorization", "Digest round=\(round)")]))
            #expect(driver.last?.value("Authorization")?.string == "Digest round=\(round)")
            #expect(try driver.last?.cseq.number == UInt32(round + 2))
        }
        driver.answer(401)
        #expect(driver.ended == [.refused(status: 401)])
        driver.begin()
        driver.answer(407)
        driver.handle(.credentials(7, nil))
        #expect(driver.ended == [.refused(status: 401)])
        #expect(driver.subscriber.count == 0)
    }

    @Test("Unsubscribing waits for the last NOTIFY; before the first there is nothing to wait for")
    func unsubscribe() throws {
        var driver = try Driver.established()
        driver.handle(.unsubscribe(7))
        #expect(driver.last?.expires == 0)
        #expect(driver.ended.isEmpty)
        driver.answer(200, headers: [(.expires, "0")])
        try driver.notify("terminated;reason=timeout", body: "<state/>")
        #expect(driver.notifications.count == 1)
        #expect(driver.ended == [.done])
        #expect(driver.subscriber.count == 0)
        #expect(driver.subscriber.nextDeadline == nil)

        driver = Driver()
        driver.begin()
        driver.handle(.unsubscribe(7))
        #expect(driver.ended == [.done])
        #expect(try driver.notify("active;expires=3600") == 481)
    }

    @Test("A fetch ends with its only NOTIFY")
    func fetch() throws {
        var driver = Driver()
        driver.begin(expires: .zero)
        #expect(driver.last?.expires == 0)
        driver.answer(200, headers: [(.expires, "0")])
        try driver.notify("terminated;reason=timeout", body: "<state/>")
        #expect(driver.notifications.map(\.body.count) == [8])
        #expect(driver.ended == [.done])
        #expect(driver.retry == nil)
    }
}
