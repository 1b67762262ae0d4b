import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

/// Subscriptions to changes of XCAP documents (RFC 5875 §4).
@Suite("Subscriptions to XCAP documents")
struct DocumentSubscriptionTests {
    private static let list = """
        <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list><entry uri="a/"/></list></resource-lists>
        """
    private static let filling = String(repeating: "<y/>", count: 50)
    private static let other = list.replacing("a/", with: "b/")

    private func driver(root: String? = "http://h/xcap") -> AgentDriver { AgentDriver { $0.xcapRoot = root } }

    @discardableResult
    private func subscribe(
        _ driver: inout AgentDriver, to: String? = nil, cseq: Int = 1, expires: Int = 600, mode: String? = nil,
        body: String = list, type: String = "application/resource-lists+xml", uri: String = "sip:alice@example.org",
        as user: AddressOfRecord? = AgentDriver.alice
    ) throws -> Int {
        try driver.subscribe(
            to: to, cseq: cseq, expires: expires, extra: body.isEmpty ? [] : ["Content-Type: \(type)"],
            event: "xcap-diff" + (mode.map { ";diff-processing=\($0)" } ?? ""), uri: uri, body: body, as: user)
    }

    /// Tells the agent what there is, and gives the NOTIFYs that come of it.
    @discardableResult
    private func tell(_ driver: inout AgentDriver, _ number: UInt64, _ tags: [String: String]) -> [AgentDriver.Sent] {
        let resources = tags.sorted { $0.key < $1.key }.map {
            XCAPResource($0.key, .document(tag: $0.value, bytes: Array("<x a='\($0.value)'>\(Self.filling)</x>".utf8)))
        }
        driver.handle(.documents(number, resources, unknown: []))
        return driver.sent
    }

    /// The same, with the one NOTIFY answered.
    private func settle(_ driver: inout AgentDriver, _ number: UInt64, _ tags: [String: String]) throws {
        let sent = tell(&driver, number, tags)
        driver.answer(try #require(sent.first))
    }

    /// What is asked for: the number, and the URIs.
    private func followed(_ driver: AgentDriver) -> (number: UInt64, uris: [String])? {
        for case .followDocuments(let number, AgentDriver.alice, let uris) in driver.actions { return (number, uris) }
        return nil
    }

    /// Each document of a notification with its tags and the names of what is in it.
    private func told(_ sent: AgentDriver.Sent?) -> [String] {
        (sent?.document?.elements ?? []).map { element in
            let tags = ["sel", "previous-etag", "new-etag"].map { element[attribute: XMLName($0)] ?? "-" }
            return (tags + element.elements.map(\.name.local)).joined(separator: " ")
        }
    }

    @Test("What there is comes first, then each change, not more often than is allowed")
    func notifications() throws {
        var driver = driver()
        #expect(try subscribe(&driver) == 200)
        #expect(driver.sent.isEmpty)
        let (number, uris) = try #require(followed(driver))
        #expect(uris == ["a/"])
        let first = tell(&driver, number, ["a/1": "x"])
        #expect(first.map(told) == [["a/1 - x"]])
        #expect(first[0].document?[attribute: XMLName("xcap-root")] == "http://h/xcap/")
        #expect(first[0].message.value(.contentType)?.string == "application/xcap-diff+xml")
        #expect(try first[0].message.event?.package == "xcap-diff")
        #expect(driver.answer(first[0]).isEmpty)
        // Within the pause nothing is said; what happened is one change then.
        #expect(tell(&driver, number, ["a/1": "y"]).isEmpty)
        #expect(tell(&driver, number, ["a/1": "z", "a/2": "x"]).isEmpty)
        driver.advance(.seconds(6))
        #expect(driver.sent.map(told) == [["a/1 x z", "a/2 - x"]])
        let second = try #require(driver.sent.first)
        // Not before the last one was answered.
        driver.advance(.seconds(6))
        #expect(tell(&driver, number, ["a/2": "x"]).isEmpty)
        #expect(driver.answer(second).map(told) == [["a/1 z -"]])
    }

    @Test(
        "Changes are patched if that was asked for, and as it was asked for",
        arguments: ["aggregate", "xcap-patching", "x"])
    func patches(mode: String) throws {
        var driver = driver()
        #expect(try subscribe(&driver, mode: mode) == 200)
        let number = try #require(followed(driver)).number
        try settle(&driver, number, ["a/1": "x"])
        for tag in ["y", "z"] { tell(&driver, number, ["a/1": tag]) }
        driver.advance(.seconds(6))
        let expected =
            switch mode {
            case "aggregate": ["a/1 x z replace"]
            case "xcap-patching": ["a/1 x y replace", "a/1 y z replace"]
            default: ["a/1 x z"]
            }
        #expect(driver.sent.map(told) == [expected])
    }

    @Test("A refresh brings all there is; its list, if it has one, counts from then on")
    func refresh() throws {
        var driver = driver()
        #expect(try subscribe(&driver, mode: "aggregate") == 200)
        let tag = try driver.response?.to.tag
        let number = try #require(followed(driver)).number
        try settle(&driver, number, ["a/1": "x"])
        #expect(try subscribe(&driver, to: tag, cseq: 2, mode: "aggregate", body: "") == 200)
        #expect(driver.sent.map(told) == [["a/1 - x"]])
        #expect(followed(driver) == nil)
        driver.answer(driver.sent[0])
        #expect(try subscribe(&driver, to: tag, cseq: 3, mode: "aggregate", body: Self.other) == 200)
        #expect(driver.sent.isEmpty)
        #expect(followed(driver)?.uris == ["b/"])
        try settle(&driver, number, ["b/1": "x"])
        #expect(try subscribe(&driver, to: tag, cseq: 4, body: "<no-list/>") == 400)
        #expect(try subscribe(&driver, to: tag, cseq: 5, type: "text/plain") == 415)
        // The end has the state in it.
        #expect(try subscribe(&driver, to: tag, cseq: 6, expires: 0, mode: "aggregate", body: "") == 200)
        let last = try #require(driver.sent.first)
        #expect(told(last) == ["b/1 - x"])
        #expect(last.state.hasPrefix("terminated"))
        driver.answer(last)
        #expect(driver.actions.contains { if case .unfollowDocuments(number) = $0 { true } else { false } })
        #expect(driver.agent.subscriptionCount == 0)
    }

    @Test("A fetch waits for what there is; whoever ends a subscription before doesn't")
    func fetch() throws {
        var driver = driver()
        #expect(try subscribe(&driver, expires: 0) == 200)
        let number = try #require(followed(driver)).number
        #expect(driver.sent.isEmpty)
        let sent = tell(&driver, number, ["a/1": "x"])
        #expect(sent.map(told) == [["a/1 - x"]])
        driver.answer(sent[0])
        #expect(driver.agent.subscriptionCount == 0)

        #expect(try subscribe(&driver, cseq: 2) == 200)
        let tag = try driver.response?.to.tag
        #expect(try subscribe(&driver, to: tag, cseq: 3, expires: 0, body: "") == 200)
        #expect(driver.sent.count == 1)
        #expect(driver.sent[0].message.body.isEmpty)
    }

    @Test("After a restart what was selected is asked for again, and told whole")
    func restart() throws {
        var driver = driver()
        #expect(try subscribe(&driver, mode: "xcap-patching") == 200)
        let first = try #require(followed(driver)).number
        try settle(&driver, first, ["a/1": "x"])
        driver.restart()
        driver.advance(.seconds(1))
        #expect(driver.sent.isEmpty)
        let (number, uris) = try #require(followed(driver))
        #expect(uris == ["a/"])
        let sent = tell(&driver, number, ["a/1": "y"])
        #expect(sent.map(told) == [["a/1 - y"]])
        driver.answer(sent[0])
        driver.advance(.seconds(6))
        #expect(tell(&driver, number, ["a/1": "z"]).map(told) == [["a/1 y z replace"]])
    }

    @Test("Only their user subscribes to documents, with a list, where there are documents")
    func refusals() throws {
        var driver = driver()
        #expect(try subscribe(&driver, as: AgentDriver.bob) == 403)
        #expect(try subscribe(&driver, as: nil) == 403)
        #expect(try subscribe(&driver, body: "") == 400)
        #expect(try subscribe(&driver, body: "<list/>") == 400)
        #expect(try subscribe(&driver, type: "application/pidf+xml") == 415)
        #expect(driver.agent.subscriptionCount == 0)
        var other = self.driver(root: nil)
        #expect(try subscribe(&other) == 489)
        #expect(other.response?.value(.allowEvents)?.string.contains("xcap-diff") == false)
        #expect(try subscribe(&driver) == 200)
        #expect(driver.response?.value(.allowEvents)?.string.contains("xcap-diff") == true)
    }

    @Test("A user has no more of them than devices")
    func bounds() throws {
        var driver = AgentDriver {
            $0.xcapRoot = "http://h/"
            $0.maximumInformedPerPresentity = 1
        }
        #expect(try subscribe(&driver) == 200)
        let status = try driver.subscribe(
            call: "other", expires: 600, extra: ["Content-Type: application/resource-lists+xml"], event: "xcap-diff",
            body: Self.list, as: AgentDriver.alice)
        #expect(status == 503)
    }
}
