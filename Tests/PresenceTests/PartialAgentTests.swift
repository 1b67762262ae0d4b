import Presence
import Primitives
import SIPMessages
import Testing
import XMLTree

@Suite("Publishing and notifying of changes by the agent (RFC 5263, RFC 5264)")
struct PartialAgentTests {
    private static let wish = ["Accept: application/pidf+xml;q=0.5, application/pidf-diff+xml"]
    private static let diffType = "application/pidf-diff+xml"

    private static func diff(_ root: String, _ inner: String) -> String {
        """
        <?xml version="1.0"?><p:\(root) xmlns="urn:ietf:params:xml:ns:pidf" xmlns:p="urn:ietf:params:xml:ns:pidf-diff" \
        entity="sip:alice@example.org">\(inner)</p:\(root)>
        """
    }

    private static let open = tuple("t1", "open") + tuple("t2", "open")
    private static let close = "<p:replace sel=\"*/*[@id='t1']/status/basic/text()\">closed</p:replace>"

    // MARK: Publishing

    @Test("Full state, then changes, then a refresh")
    func publishing() throws {
        var driver = AgentDriver()
        try driver.subscribe()
        driver.answer(driver.sent[0])
        #expect(try driver.publish(Self.diff("pidf-full", Self.open), type: Self.diffType) == 200)
        #expect(summary(driver.sent[0].document) == "t1=open t2=open")
        var tag = driver.response?.value(.sipETag)?.string
        driver.answer(driver.sent[0])
        #expect(try driver.publish(Self.diff("pidf-diff", Self.close), tag: tag, type: Self.diffType) == 200)
        #expect(summary(driver.sent[0].document) == "t1=closed t2=open")
        tag = driver.response?.value(.sipETag)?.string
        #expect(try driver.publish(tag: tag) == 200)
        // What is kept over a restart is the whole.
        driver.restart()
        driver.advance(.seconds(5))
        try driver.subscribe(call: "again", from: "w2")
        #expect(summary(driver.sent[0].document) == "t1=closed t2=open")
    }

    @Test("Changes that can't be made leave everything as it was")
    func failing() throws {
        var driver = AgentDriver()
        #expect(try driver.publish(Self.diff("pidf-diff", Self.close), type: Self.diffType) == 400)
        #expect(driver.response?.reasonPhrase == "Invalid Partial Publication")
        try driver.publish(Self.diff("pidf-full", Self.open), type: Self.diffType)
        let tag = driver.response?.value(.sipETag)?.string
        let wrong = "\(Self.close)<p:remove sel=\"*/*[@id='t9']\"/>"
        #expect(try driver.publish(Self.diff("pidf-diff", wrong), tag: tag, type: Self.diffType) == 400)
        let response = try #require(driver.response)
        #expect(try response.contentType?.essence == "application/patch-ops-error+xml")
        #expect(try XMLDocument(parsing: response.body).root.elements.first?.name.local == "unlocated-node")
        // What comes out has to be presence.
        let bare = "<p:remove sel=\"*/*[1]/status\"/>"
        #expect(try driver.publish(Self.diff("pidf-diff", bare), tag: tag, type: Self.diffType) == 400)
        // RFC 3903 §6: a publication that failed leaves its entity tag.
        #expect(try driver.publish(Self.diff("pidf-diff", Self.close), tag: tag, type: Self.diffType) == 200)
        try driver.subscribe()
        #expect(summary(driver.sent[0].document) == "t1=closed t2=open")
    }

    // MARK: Notifying

    /// Takes a NOTIFY in as a watcher does.
    private func take(_ sent: AgentDriver.Sent, _ copy: inout PartialPresenceCopy) throws -> String {
        #expect(try sent.message.contentType?.essence == Self.diffType)
        guard case .changed(let document) = copy.take(Array(sent.message.body)) else { return "nothing" }
        return summary(try XMLDocument(parsing: document).root)
    }

    private func root(_ sent: AgentDriver.Sent) -> String { sent.document?.name.local ?? "" }

    private func version(_ sent: AgentDriver.Sent) -> String? { sent.document?[attribute: XMLName("version")] }

    @Test("All state first and after a refresh, changes in between")
    func notifying() throws {
        var driver = AgentDriver()
        var copy = PartialPresenceCopy()
        try driver.publish(Self.open)
        let tag = driver.response?.value(.sipETag)?.string
        try driver.subscribe(extra: Self.wish)
        let toTag = try #require(driver.response?.to.tag)
        #expect(root(driver.sent[0]) == "pidf-full")
        #expect(version(driver.sent[0]) == "1")
        #expect(try take(driver.sent[0], &copy) == "t1=open t2=open")
        driver.answer(driver.sent[0])
        try driver.publish(tuple("t1", "closed") + tuple("t2", "open"), tag: tag)
        #expect(root(driver.sent[0]) == "pidf-diff")
        #expect(version(driver.sent[0]) == "2")
        #expect(try take(driver.sent[0], &copy) == "t1=closed t2=open")
        driver.answer(driver.sent[0])
        try driver.subscribe(to: toTag, cseq: 2, extra: Self.wish)
        #expect(root(driver.sent[0]) == "pidf-full")
        #expect(version(driver.sent[0]) == "3")
        driver.answer(driver.sent[0])
        // Who does not ask for changes any more gets none.
        try driver.subscribe(to: toTag, cseq: 3)
        #expect(root(driver.sent[0]) == "presence")
        driver.answer(driver.sent[0])
        try driver.subscribe(to: toTag, cseq: 4, extra: Self.wish)
        #expect(root(driver.sent[0]) == "pidf-full")
        #expect(version(driver.sent[0]) == "4")
    }

    @Test("After a NOTIFY that was not answered, and after a restart, all state is told")
    func missing() throws {
        var driver = AgentDriver()
        var copy = PartialPresenceCopy()
        try driver.publish(Self.open)
        let tag = driver.response?.value(.sipETag)?.string
        try driver.subscribe(extra: Self.wish)
        _ = try take(driver.sent[0], &copy)
        driver.answer(driver.sent[0])
        try driver.publish(tuple("t1", "closed") + tuple("t2", "open"), tag: tag)
        driver.answer(driver.sent[0], 503)
        driver.advance(.seconds(10))
        #expect(root(driver.sent[0]) == "pidf-full")
        #expect(try take(driver.sent[0], &copy) == "t1=closed t2=open")
        driver.answer(driver.sent[0])
        driver.restart()
        driver.advance(.seconds(5))
        #expect(root(driver.sent[0]) == "pidf-full")
        #expect(try take(driver.sent[0], &copy) == "t1=closed t2=open")
    }

    @Test("A watcher's copy is always what a watcher of whole documents sees", arguments: 0..<20 as Range<UInt64>)
    func equality(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        var driver = AgentDriver(seed: seed)
        var copy = PartialPresenceCopy()
        var tag: String?
        var partial = 0
        var known: [String: String] = [:]
        try driver.subscribe(call: "changes", expires: 80_000, extra: Self.wish)
        var pending = driver.sent
        try driver.subscribe(call: "whole", from: "w2", expires: 80_000)
        pending += driver.sent
        for round in 0..<40 {
            var isLost = false
            while !pending.isEmpty {
                let sent = pending.removeFirst()
                let isWhole = sent.message.value(.callID)?.string == "whole"
                let arrives = isWhole || round == 39 || Int.random(in: 0..<5, using: &random) > 0
                if !arrives { isLost = true }
                if isWhole { known["whole"] = summary(sent.document) }
                if !isWhole, arrives {
                    known["changes"] = try take(sent, &copy)
                    if root(sent) == "pidf-diff" { partial += 1 }
                }
                driver.answer(sent, arrives ? 200 : 503)
                pending += driver.sent
            }
            // After a loss the next document comes later, with all state.
            if !isLost { #expect(known["changes"] == known["whole"]) }
            let kept = (0..<4).filter { _ in Bool.random(using: &random) }
            let tuples = (kept.isEmpty ? [4] : kept).map {
                tuple("t\($0)", Bool.random(using: &random) ? "open" : "closed")
            }
            #expect(try driver.publish(tuples.joined(), tag: tag) == 200)
            tag = driver.response?.value(.sipETag)?.string
            pending = driver.sent
            driver.advance(.seconds(200))
            pending += driver.sent
        }
        #expect(partial > 0)
    }
}
