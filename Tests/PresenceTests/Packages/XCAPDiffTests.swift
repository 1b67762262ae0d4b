import Primitives
import Testing
import XMLTree

@testable import Presence

@Suite("Changes of XCAP documents")
struct XCAPDiffTests {
    private static func list(_ inner: String) -> [UInt8] {
        Array(
            "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"><list>\(inner)</list></resource-lists>"
                .utf8)
    }

    @Test("The list of a SUBSCRIBE is read as it is written, each resource once")
    func request() throws {
        let request = try XCAPDiffRequest(
            parsing: Self.list(
                """
                <entry uri="resource-lists/users/sip:joe@example.com/index"/><entry uri="pidf-manipulation/"/>
                <x:y xmlns:x="urn:example"/><list><entry uri="deep"/></list><entry-ref ref="other"/>
                <entry uri="pidf-manipulation/"/>
                """))
        #expect(request.uris == ["resource-lists/users/sip:joe@example.com/index", "pidf-manipulation/"])
    }

    @Test("What names nothing, or too much, is refused")
    func refusal() {
        let many = (0...XCAPDiffRequest.maximumSelections).map { "<entry uri=\"a/global/\($0)\"/>" }.joined()
        let long = "<entry uri=\"\(String(repeating: "a", count: 3_000))\"/>"
        for body in [Self.list(""), Self.list(many), Self.list(long), Array("<list/>".utf8), []] {
            #expect(throws: EventStateError.self) { try XCAPDiffRequest(parsing: body) }
        }
    }

    @Test("RFC 5874, figure 1: which entity tags say what")
    func document() {
        let body = XCAPDiffDocument.body(
            root: "https://xcap.example.com/xcap",
            [
                XCAPDiffDocument.Entry("a/global/made", .exists("1")),
                XCAPDiffDocument.Entry("a/global/<changed>", .changed(from: "2", to: "3")),
                XCAPDiffDocument.Entry("a/global/gone", .removed("4")),
            ])
        #expect(
            String(decoding: body, as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff" xcap-root="https://xcap.example.com/xcap/">\
                <document sel="a/global/made" new-etag="1"/>\
                <document sel="a/global/&lt;changed&gt;" previous-etag="2" new-etag="3"/>\
                <document sel="a/global/gone" previous-etag="4"/></xcap-diff>
                """)
    }

    @Test("What happened between two notifications becomes one change")
    func merging() {
        var changes = XCAPDiffChanges()
        changes.note("a", "1")
        changes.note("b", "1")
        #expect(changes.take() == [.init("a", .exists("1")), .init("b", .exists("1"))])
        changes.note("b", "2")
        changes.note("a", "2")
        changes.note("b", "3")
        #expect(changes.take() == [.init("a", .changed(from: "1", to: "2")), .init("b", .changed(from: "1", to: "3"))])
        #expect(changes.take().isEmpty)
        changes.note("a", "3")
        changes.note("a", "2")
        #expect(changes.isEmpty)
        changes.note("c", "1")
        changes.note("c", nil)
        #expect(changes.isEmpty)
        changes.note("b", nil)
        #expect(changes.take() == [.init("b", .removed("3"))])
        changes.note("b", "4")
        changes.tellAll()
        #expect(changes.take() == [.init("a", .exists("2")), .init("b", .exists("4"))])
    }

    @Test("Who is told everything hears nothing of what is gone")
    func tellingAll() {
        var changes = XCAPDiffChanges()
        changes.note("a", "1")
        changes.note("b", "1")
        _ = changes.take()
        changes.note("a", nil)
        changes.tellAll()
        #expect(changes.take() == [.init("b", .exists("1"))])
        #expect(changes.isEmpty)
    }

    @Test("Documents of a subscription are bounded")
    func bounds() {
        var changes = XCAPDiffChanges()
        for number in 0..<600 { changes.note("\(number)", "1") }
        #expect(changes.take().count == XCAPDiffChanges.maximumDocuments)
        changes.note("0", nil)
        _ = changes.take()
        changes.note("new", "1")
        #expect(changes.take() == [.init("new", .exists("1"))])
    }

    @Test("A subscriber who applies what it is told has what there is", arguments: 0..<50 as Range<UInt64>)
    func synchronization(seed: UInt64) {
        var random = RandomSource(seed: seed)
        var changes = XCAPDiffChanges()
        var there: [String: String] = [:]
        var known: [String: String] = [:]
        for step in 0..<200 {
            let name = ["a", "b", "c", "d"].randomElement(using: &random)!
            let tag = Bool.random(using: &random) ? "\(step % 3)" : nil
            there[name] = tag
            changes.note(name, tag)
            guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
            for entry in changes.take() {
                switch entry.change {
                case .exists(let new):
                    #expect(known[entry.selector] == nil)
                    known[entry.selector] = new
                case .changed(let old, let new):
                    #expect(known[entry.selector] == old)
                    known[entry.selector] = new
                case .removed(let old):
                    #expect(known[entry.selector] == old)
                    known[entry.selector] = nil
                }
            }
            #expect(known == there)
        }
    }

    @Test("What is written is valid", .enabled(if: PresenceFixtures.schema != nil))
    func schema() throws {
        let entries = [
            XCAPDiffDocument.Entry("a/global/made", .exists("1")),
            XCAPDiffDocument.Entry("a/users/sip:joe@example.com/index", .changed(from: "2", to: "3")),
        ]
        for listed in [entries, []] {
            let body = XCAPDiffDocument.body(root: "https://xcap.example.com/xcap", listed)
            #expect(try PresenceFixtures.schemaComplaints(about: body) == "")
        }
    }
}
