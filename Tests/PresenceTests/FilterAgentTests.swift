import Presence
import Primitives
import SIPMessages
import Testing
import XMLTree

@Suite("Filters of subscriptions in the agent (RFC 4660)")
struct FilterAgentTests {
    private static let type = ["Content-Type: application/simple-filter+xml"]

    private static func filters(_ inner: String) -> String {
        String(decoding: FilterFixtures.filters("<filter id='1'>\(inner)</filter>"), as: UTF8.self)
    }

    private static let noted = "<tuple id='t1'><status><basic>open</basic></status><note>here</note></tuple>"
    private static let withoutNotes = filters("<what><exclude>//pidf:note</exclude></what>")
    private static let whenOpened = filters("<trigger><changed to='open'>//pidf:basic</changed></trigger>")

    private func outline(_ driver: AgentDriver) -> String { FilterFixtures.outline(driver.sent.first?.document) }

    @Test("What a filter leaves out is not told, before and after a restart, until the filter goes")
    func content() throws {
        var driver = AgentDriver()
        try driver.publish(Self.noted)
        let tag = driver.response?.value(.sipETag)?.string
        #expect(try driver.subscribe(extra: Self.type, body: Self.withoutNotes) == 200)
        let toTag = try #require(driver.response?.to.tag)
        #expect(outline(driver) == "presence@entity(tuple@id(status(basic)))")
        driver.answer(driver.sent[0])
        try driver.publish(Self.noted.replacing("here", with: "there") + "<note>all</note>", tag: tag)
        #expect(outline(driver) == "presence@entity(tuple@id(status(basic)))")
        driver.answer(driver.sent[0])
        driver.restart()
        driver.advance(.seconds(5))
        #expect(outline(driver) == "presence@entity(tuple@id(status(basic)))")
        driver.answer(driver.sent[0])
        // RFC 4660 §3.3.3: a refresh without filters keeps them.
        try driver.subscribe(to: toTag, cseq: 2)
        #expect(outline(driver) == "presence@entity(tuple@id(status(basic)))")
        driver.answer(driver.sent[0])
        let removal = String(decoding: FilterFixtures.filters("<filter id='1' remove='true'/>"), as: UTF8.self)
        try driver.subscribe(to: toTag, cseq: 3, extra: Self.type, body: removal)
        #expect(outline(driver) == "presence@entity(tuple@id(status(basic) note) note)")
    }

    @Test("When nothing is left the NOTIFY has no body")
    func nothing() throws {
        var driver = AgentDriver()
        try driver.publish(Self.noted)
        let nothing = Self.filters("<what><include>//rpid:mood</include></what>")
        #expect(try driver.subscribe(extra: Self.type, body: nothing) == 200)
        #expect(driver.sent[0].message.body.isEmpty)
        #expect(driver.sent[0].state.hasPrefix("active"))
    }

    @Test("A change that triggers nothing is not told, and one that does is")
    func triggers() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("t1", "open"))
        let publish = { (driver: inout AgentDriver, inner: String, tag: String?) -> String? in
            try driver.publish(inner, tag: tag)
            return driver.response?.value(.sipETag)?.string
        }
        var tag = driver.response?.value(.sipETag)?.string
        try driver.subscribe(extra: Self.type, body: Self.whenOpened)
        // RFC 4660 §5.3.1: the first NOTIFY comes whatever triggers say.
        #expect(summary(driver.sent[0].document) == "t1=open")
        driver.answer(driver.sent[0])
        tag = try publish(&driver, Self.noted, tag)
        #expect(driver.sent.isEmpty)
        tag = try publish(&driver, tuple("t1", "closed"), tag)
        #expect(driver.sent.isEmpty)
        // RFC 4661 §3.6.1: compared is what was told last, which said open.
        tag = try publish(&driver, tuple("t1", "open"), tag)
        #expect(driver.sent.isEmpty)
        let toTag = try #require(driver.agent.subscriptionCount == 1 ? Self.toTag(driver) : nil)
        tag = try publish(&driver, tuple("t1", "closed"), tag)
        try driver.subscribe(to: toTag, cseq: 2)
        #expect(summary(driver.sent[0].document) == "t1=closed")
        driver.answer(driver.sent[0])
        _ = try publish(&driver, tuple("t1", "open"), tag)
        #expect(summary(driver.sent[0].document) == "t1=open")
    }

    /// The tag of the one dialog there is: its subscription's name in the journal.
    private static func toTag(_ driver: AgentDriver) -> String? {
        driver.journal[.subscription]?.keys.first.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("A filter that is not accepted is answered with 488 and a warning")
    func refusal() throws {
        var driver = AgentDriver()
        let foreign = Self.filters("<what><include>count(//pidf:tuple)</include></what>")
        #expect(try driver.subscribe(extra: Self.type, body: foreign) == 488)
        #expect(try driver.response?.warnings.first?.code == 399)
        #expect(driver.agent.subscriptionCount == 0)
        // One that is there stays as it is.
        #expect(try driver.subscribe(extra: Self.type, body: Self.withoutNotes) == 200)
        let toTag = try #require(driver.response?.to.tag)
        driver.answer(driver.sent[0])
        #expect(try driver.subscribe(to: toTag, cseq: 2, extra: Self.type, body: foreign) == 488)
        try driver.publish(Self.noted)
        #expect(outline(driver) == "presence@entity(tuple@id(status(basic)))")
    }

    @Test("Filters and changes together")
    func both() throws {
        var driver = AgentDriver()
        try driver.publish(Self.noted + tuple("t2", "open"))
        let tag = driver.response?.value(.sipETag)?.string
        let accept = ["Accept: application/pidf+xml, application/pidf-diff+xml"]
        try driver.subscribe(extra: Self.type + accept, body: Self.withoutNotes)
        var copy = PartialPresenceCopy()
        _ = copy.take(Array(driver.sent[0].message.body))
        driver.answer(driver.sent[0])
        try driver.publish(Self.noted + tuple("t2", "closed"), tag: tag)
        #expect(driver.sent[0].document?.name.local == "pidf-diff")
        guard case .changed(let document) = copy.take(Array(driver.sent[0].message.body)) else {
            Issue.record("the change can't be made")
            return
        }
        #expect(summary(try XMLDocument(parsing: document).root) == "t1=open t2=closed")
        #expect(!String(decoding: document, as: UTF8.self).contains("note"))
    }
}
