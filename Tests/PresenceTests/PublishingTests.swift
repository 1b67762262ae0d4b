import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

@Suite("PUBLISH at the event state compositor (RFC 3903 §6)")
struct PublishingTests {
    /// The tag of the last 200.
    private func tag(_ driver: AgentDriver) -> String { (try? driver.response?.sipETag).flatMap { $0 } ?? "" }

    private func published(_ driver: AgentDriver) -> [(document: String?, version: Int64, expires: Instant)] {
        driver.actions.compactMap { action in
            guard case .publish(AgentDriver.alice, let document, let version, let expires) = action else { return nil }
            return (document.map { summary(try? XMLDocument(parsing: $0).root) }, version, expires)
        }
    }

    @Test("A first publication is kept before it is confirmed, and then made known")
    func first() throws {
        var driver = AgentDriver()
        #expect(try driver.publish(tuple("t", "open"), expires: 600) == 200)
        let kinds = driver.actions.map { action in
            switch action {
            case .persist(.publication, _, _): "persist"
            case .respond: "respond"
            case .publish: "publish"
            case .observe: "observe"
            default: "other"
            }
        }
        #expect(kinds == ["persist", "respond", "publish", "observe"])
        #expect(driver.response?.expires == 600)
        #expect(try driver.response?.to.tag != nil)
        #expect(tag(driver).utf8.count == 16)
        #expect(published(driver).map(\.document) == ["t=open"])
        #expect(published(driver)[0].expires == driver.now + .seconds(600))
        #expect(driver.observed == [.published(AgentDriver.alice, .open, note: nil)])
        #expect(driver.agent.publicationCount == 1)
    }

    @Test("Each success has a tag of its own, and the one before means nothing any more")
    func tags() throws {
        var driver = AgentDriver()
        var seen: Set<String> = []
        try driver.publish(tuple("t", "open"))
        for round in 0..<20 {
            let current = tag(driver)
            #expect(seen.insert(current).inserted)
            #expect(try driver.publish(round % 2 == 0 ? nil : tuple("t", "closed"), tag: current) == 200)
            let next = tag(driver)
            #expect(try driver.publish(tag: current) == 412)
            #expect(try driver.publish(tag: next) == 200)
        }
        #expect(driver.agent.publicationCount == 1)
    }

    @Test("What is not refreshed expires, and what is refreshed does not")
    func expiry() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("t", "open"), expires: 100)
        let first = tag(driver)
        let version = published(driver)[0].version
        driver.advance(.seconds(90))
        #expect(try driver.publish(tag: first, expires: 100) == 200)
        let second = tag(driver)
        #expect(published(driver).map(\.document) == ["t=open"])
        // Nothing is new but the time, and others need not be told of that as of something new.
        #expect(published(driver)[0].version == version)
        driver.advance(.seconds(99))
        #expect(driver.agent.publicationCount == 1)
        driver.advance(.seconds(1))
        #expect(published(driver).map(\.document) == [nil])
        #expect(driver.journal[.publication] == [:])
        #expect(driver.agent.publicationCount == 0)
        #expect(try driver.publish(tag: second) == 412)
    }

    @Test("A refresh for less time than before is news")
    func shortening() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("t", "open"), expires: 1_000)
        let version = published(driver)[0].version
        #expect(try driver.publish(tag: tag(driver), expires: 100) == 200)
        #expect(published(driver)[0].version > version)
    }

    @Test(
        "After a lost answer and a 412 the new publication takes the place of the lost one", arguments: [false, true])
    func republishing(restarts: Bool) throws {
        var driver = AgentDriver()
        try driver.publish(tuple("t1", "open"))
        let lost = tag(driver)
        try driver.publish(tuple("other", "open"))
        // The answer to this one is lost.
        try driver.publish(tuple("t1", "closed"), tag: lost)
        if restarts { driver.restart() }
        #expect(try driver.publish(tuple("t1", "closed"), tag: lost) == 412)
        #expect(try driver.publish(tuple("t2", "closed")) == 200)
        #expect(driver.agent.publicationCount == 2)
        #expect(published(driver).last?.document == "t2=closed other=open")
        // Somebody else's first publication replaces nothing.
        try driver.publish(tuple("t3", "open"))
        #expect(driver.agent.publicationCount == 3)
    }

    @Test("A removal takes the state away at once, even if it carries a body")
    func removal() throws {
        for body in [nil, tuple("t", "open")] {
            var driver = AgentDriver()
            try driver.publish(tuple("t", "open"))
            #expect(try driver.publish(body, tag: tag(driver), expires: 0) == 200)
            #expect(driver.response?.expires == 0)
            #expect(!tag(driver).isEmpty)
            #expect(published(driver).map(\.document) == [nil])
            #expect(driver.journal[.publication] == [:])
            #expect(driver.observed == [.published(AgentDriver.alice, .closed, note: nil)])
        }
    }

    @Test("A first publication that lasts no time stores nothing")
    func emptyLife() throws {
        var driver = AgentDriver()
        #expect(try driver.publish(tuple("t", "open"), expires: 0) == 200)
        #expect(driver.agent.publicationCount == 0)
        #expect(driver.journal.isEmpty)
    }

    @Test("Several publications are one document, the fresher one first")
    func several() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("desk", "open"))
        let desk = tag(driver)
        driver.advance(.seconds(1))
        try driver.publish(tuple("mobile", "closed") + tuple("desk", "closed"))
        #expect(published(driver).last?.document == "mobile=closed desk=closed")
        driver.advance(.seconds(1))
        try driver.publish(tuple("desk", "open"), tag: desk)
        #expect(published(driver).last?.document == "desk=open mobile=closed")
    }

    @Test(
        "Requests are refused by the first step that they fail",
        arguments: [
            (["Event: conference"], nil, 489, HeaderName.allowEvents, AgentDriver.allowEvents),
            (["Event: presence", "SIP-If-Match: nobody"], "<?xml", 412, nil, ""),
            (["Event: presence", "SIP-If-Match: nobody", "Expires: 1"], nil, 412, nil, ""),
            (["Event: conference", "SIP-If-Match: nobody"], nil, 489, nil, ""),
            (["Event: presence", "SIP-If-Match: a", "SIP-If-Match: b"], nil, 400, nil, ""),
            (["Event: presence", "SIP-If-Match: a, b"], nil, 400, nil, ""),
            (["Event: presence", "Expires: 59"], "text", 423, .minExpires, "60"),
            (["Event: presence"], nil, 400, nil, ""),
            (
                ["Event: presence", "Content-Type: text/plain"], "text", 415, .accept,
                "application/pidf+xml, application/pidf-diff+xml"
            ),
            (["Event: presence"], "text", 415, .accept, "application/pidf+xml, application/pidf-diff+xml"),
            (["Event: presence", "Content-Type: application/pidf+xml"], "<presence>", 400, nil, ""),
            (["Event: presence", "Content-Type: application/pidf+xml"], "<presence/>", 400, nil, ""),
            (["Event: presence", "Require: telepathy"], "x", 420, .unsupported, "telepathy"),
            ([], "x", 489, .allowEvents, AgentDriver.allowEvents),
        ] as [([String], String?, Int, HeaderName?, String)])
    func refusals(lines: [String], body: String?, status: Int, header: HeaderName?, value: String) throws {
        var driver = AgentDriver()
        try driver.request(
            AgentDriver.text(
                "PUBLISH", "sip:alice@example.org", to: "<sip:alice@example.org>",
                from: "<sip:alice@example.org>;tag=p", lines, body ?? ""))
        #expect(driver.response?.statusCode == status)
        if let header { #expect(driver.response?.value(header)?.string == value) }
        #expect(driver.agent.publicationCount == 0)
        #expect(driver.journal.isEmpty)
    }

    @Test("Only a user of this domain may publish, and only for itself")
    func authority() throws {
        var driver = AgentDriver()
        #expect(try driver.publish(tuple("t", "open"), uri: "sip:alice@example.net") == 404)
        #expect(try driver.publish(tuple("t", "open"), uri: "sip:example.org") == 404)
        #expect(try driver.publish(tuple("t", "open"), as: AgentDriver.bob) == 403)
        #expect(try driver.publish(tuple("t", "open"), as: nil) == 403)
        #expect(try driver.publish(tuple("t", "open"), flow: .overlay(AgentDriver.farNode)) == 403)
        #expect(driver.agent.publicationCount == 0)
    }

    @Test("Documents that attack the parser are refused, and so are large ones")
    func attacks() throws {
        var driver = AgentDriver()
        let laughs =
            "<?xml version='1.0'?><!DOCTYPE p [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
            + "<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b'><note>&b;</note></presence>"
        #expect(try driver.publish(laughs) == 400)
        let external =
            "<?xml version='1.0'?><!DOCTYPE p [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
            + "<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b'><note>&a;</note></presence>"
        #expect(try driver.publish(external) == 400)
        let deep = String(repeating: "<x:a>", count: 500) + String(repeating: "</x:a>", count: 500)
        #expect(try driver.publish(deep) == 400)
        #expect(try driver.publish("<note>" + String(repeating: "x", count: 17_000) + "</note>") == 413)
        #expect(driver.agent.publicationCount == 0)
    }

    @Test("Times are cut down, never extended, and there are only so many publications")
    func bounds() throws {
        var driver = AgentDriver {
            $0.maximumExpires = .seconds(1000)
            $0.maximumPublicationsPerPresentity = 3
        }
        try driver.publish(tuple("t", "open"), expires: 5000)
        #expect(driver.response?.expires == 1000)
        try driver.publish(tuple("u", "open"))
        #expect(driver.response?.expires == 1000)
        #expect(try driver.publish(tuple("v", "open")) == 200)
        let last = tag(driver)
        #expect(try driver.publish(tuple("w", "open")) == 503)
        #expect(try driver.publish(tuple("v", "closed"), tag: last) == 200)
    }
}
