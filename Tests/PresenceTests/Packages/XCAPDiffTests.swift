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
        let sized = (0..<20).map { "<entry uri=\"\(String(repeating: "a", count: 1_000))\($0)\"/>" }.joined()
        let long = "<entry uri=\"\(String(repeating: "a", count: 3_000))\"/>"
        for body in [Self.list(""), Self.list(many), Self.list(long), Self.list(sized), Array("<list/>".utf8), []] {
            #expect(throws: EventStateError.self) { try XCAPDiffRequest(parsing: body) }
        }
    }

    @Test("RFC 5874, figure 1: which entity tags say what")
    func document() {
        let entries: [XCAPDiffDocument.Entry] = [
            .init("a/global/made", .exists("1")), .init("a/global/<changed>", .changed(from: "2", to: "3")),
            .init("a/global/gone", .removed("4")), .init("a/global/b/~~/*/@x", .attribute("<5>")),
            .init("a/global/b/~~/*/@y", .attribute(nil)), .init("a/global/b/~~/y", .element(nil)),
            .init("a/global/b/~~/*", .element(XMLElement(XMLName("z", in: "urn:z")))),
            .init("a/global/c/~~/*", .largeElement),
        ]
        #expect(
            String(decoding: XCAPDiffDocument.body(root: "https://xcap.example.com/xcap", entries), as: UTF8.self)
                == """
                <?xml version="1.0" encoding="UTF-8"?>
                <d:xcap-diff xmlns:d="urn:ietf:params:xml:ns:xcap-diff" xcap-root="https://xcap.example.com/xcap/">\
                <d:document sel="a/global/made" new-etag="1"/>\
                <d:document sel="a/global/&lt;changed&gt;" previous-etag="2" new-etag="3"/>\
                <d:document sel="a/global/gone" previous-etag="4"/>\
                <d:attribute sel="a/global/b/~~/*/@x">&lt;5&gt;</d:attribute>\
                <d:attribute sel="a/global/b/~~/*/@y" exists="0"/><d:element sel="a/global/b/~~/y" exists="0"/>\
                <d:element sel="a/global/b/~~/*"><z xmlns="urn:z"/></d:element>\
                <d:element sel="a/global/c/~~/*"/></d:xcap-diff>
                """)
    }

    @Test("What makes one version of a document of another")
    func patching() throws {
        let kept = (0..<4).map { #"<entry uri="sip:\#($0)@b.example"/>"# }.joined()
        let patch = try #require(
            XCAPDiffPatch(
                from: Self.list(#"<entry uri="sip:a@b.example"/>"# + kept),
                to: Self.list(kept + #"<entry uri="sip:d@b.example"/>"#)))
        let body = XCAPDiffDocument.body(root: "http://h/", [.init("a/global/x", .patched(from: "1", to: "2", patch))])
        #expect(
            String(decoding: body, as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <d:xcap-diff xmlns:d="urn:ietf:params:xml:ns:xcap-diff" xcap-root="http://h/">\
                <d:document xmlns="urn:ietf:params:xml:ns:resource-lists" sel="a/global/x" previous-etag="1" \
                new-etag="2">\
                <d:remove sel="*/*[1]/*[1]"/><d:add sel="*/*[1]"><entry uri="sip:d@b.example"/></d:add>\
                </d:document></d:xcap-diff>
                """)
        // Only bytes that mean nothing differ.
        let same = try #require(XCAPDiffPatch(from: Self.list("<entry uri='a'/>"), to: Self.list("<entry  uri='a' />")))
        #expect(same.operations.isEmpty)
        #expect(
            XCAPDiffChange.patched(from: "1", to: "2", same).element(of: "x").elements.map(\.name.local) == [
                "body-not-changed"
            ])
        #expect(XCAPDiffPatch(from: Self.list(""), to: Array("<other/>".utf8)) == nil)
    }

    private static func tag(_ tag: String) -> XCAPResource.Content { .document(tag: tag, bytes: nil) }

    @Test("What happened between two notifications becomes one change")
    func merging() {
        var changes = XCAPDiffChanges()
        changes.note("a", Self.tag("1"))
        changes.note("b", Self.tag("1"))
        #expect(changes.take() == [.init("a", .exists("1")), .init("b", .exists("1"))])
        changes.note("b", Self.tag("2"))
        changes.note("a", Self.tag("2"))
        changes.note("b", Self.tag("3"))
        #expect(changes.take() == [.init("a", .changed(from: "1", to: "2")), .init("b", .changed(from: "1", to: "3"))])
        #expect(changes.take().isEmpty)
        changes.note("a", Self.tag("3"))
        changes.note("a", Self.tag("2"))
        #expect(changes.isEmpty)
        changes.note("c", Self.tag("1"))
        changes.note("c", nil)
        #expect(changes.isEmpty)
        changes.note("b", nil)
        #expect(changes.take() == [.init("b", .removed("3"))])
        changes.note("b", Self.tag("4"))
        changes.tellAll()
        #expect(changes.take() == [.init("a", .exists("2")), .init("b", .exists("4"))])
    }

    @Test("Elements and attributes are told as they are, and that they are gone")
    func components() {
        var changes = XCAPDiffChanges(mode: .patching)
        let element = XMLElement(XMLName("x"))
        changes.update(to: [.init("e", .element(element)), .init("a", .attribute("1"))])
        #expect(changes.take() == [.init("e", .element(element)), .init("a", .attribute("1"))])
        changes.update(to: [.init("a", .attribute("2"))], unknown: ["e"])
        changes.update(to: [.init("a", .attribute("3"))], unknown: ["e"])
        #expect(changes.take() == [.init("a", .attribute("3"))])
        changes.update(to: [])
        #expect(changes.take() == [.init("a", .attribute(nil)), .init("e", .element(nil))])
        #expect(changes.take().isEmpty)
    }

    @Test("Who wants every version is told of every version, unless there are too many")
    func versions() {
        var changes = XCAPDiffChanges(mode: .patching)
        changes.note("a", Self.tag("1"))
        changes.note("a", Self.tag("2"))
        #expect(changes.take() == [.init("a", .exists("2"))])
        for tag in ["3", "2"] { changes.note("a", Self.tag(tag)) }
        changes.note("b", Self.tag("1"))
        changes.note("b", nil)
        #expect(
            changes.take() == [
                .init("a", .changed(from: "2", to: "3")), .init("a", .changed(from: "3", to: "2")),
                .init("b", .exists("1")), .init("b", .removed("1")),
            ])
        #expect(changes.isEmpty)
        for number in 0...XCAPDiffChanges.maximumHistory { changes.note("a", Self.tag("n\(number)")) }
        #expect(changes.take() == [.init("a", .changed(from: "2", to: "n\(XCAPDiffChanges.maximumHistory)"))])
        changes.note("a", Self.tag("x"))
        changes.note("a", Self.tag("y"))
        #expect(changes.take().count == 2)
    }

    @Test("Who is told everything hears nothing of what is gone")
    func tellingAll() {
        var changes = XCAPDiffChanges()
        changes.note("a", Self.tag("1"))
        changes.note("b", Self.tag("1"))
        _ = changes.take()
        changes.note("a", nil)
        changes.tellAll()
        #expect(changes.take() == [.init("b", .exists("1"))])
        #expect(changes.isEmpty)
    }

    @Test("Documents of a subscription are bounded, and so is what is told of them")
    func bounds() {
        var changes = XCAPDiffChanges()
        for number in 0..<600 { changes.note("\(number)", Self.tag("1")) }
        #expect(changes.take().count == XCAPDiffChanges.maximumResources)
        changes.note("0", nil)
        _ = changes.take()
        changes.note("new", Self.tag("1"))
        #expect(changes.take() == [.init("new", .exists("1"))])

        let large = XMLElement(XMLName("x"), children: [.text(String(repeating: "x", count: 20_000))])
        var elements = XCAPDiffChanges()
        for name in ["a", "b", "c"] { elements.note(name, .element(large)) }
        #expect(elements.take() == [.init("a", .element(large)), .init("b", .largeElement), .init("c", .largeElement)])
    }

    /// What a subscriber has: the tags and documents that it knows.
    private struct Copy {
        var tags: [String: String] = [:]
        var documents: [String: XMLDocument] = [:]

        /// - Parameter versions: by their tags: what could be fetched when the change was made.
        mutating func take(_ entry: XCAPDiffDocument.Entry, fetching versions: [String: XMLDocument]) throws {
            switch entry.change {
            case .exists(let new):
                #expect(tags[entry.selector] == nil)
                tags[entry.selector] = new
                documents[entry.selector] = versions[new]
            case .changed(let old, let new):
                #expect(tags[entry.selector] == old)
                tags[entry.selector] = new
                documents[entry.selector] = versions[new]
            case .patched(let old, let new, _):
                #expect(tags[entry.selector] == old)
                tags[entry.selector] = new
                // As it comes over the wire.
                let body = XCAPDiffDocument.body(root: "http://h/", [entry])
                let element = try XMLDocument(parsing: body).root.elements[0]
                guard element.elements.first?.name.local != "body-not-changed" else { return }
                let patch = try XMLPatch(reading: element, namespace: XCAPDiffDocument.namespace)
                let present = try #require(documents[entry.selector])
                documents[entry.selector] = try patch.applied(to: present)
            case .removed(let old):
                #expect(tags[entry.selector] == old)
                tags[entry.selector] = nil
                documents[entry.selector] = nil
            case .element, .largeElement, .attribute: Issue.record("no document")
            }
        }
    }

    @Test(
        "A subscriber who applies what it is told has what there is", arguments: 0..<40 as Range<UInt64>,
        [XCAPDiffMode.noPatching, .patching, .aggregate])
    func synchronization(seed: UInt64, mode: XCAPDiffMode) throws {
        var random = RandomSource(seed: seed)
        var changes = XCAPDiffChanges(mode: mode)
        var there: [String: (tag: String, document: XMLDocument)] = [:]
        var versions: [String: XMLDocument] = [:]
        var copy = Copy()
        var patches = 0
        for step in 0..<120 {
            let name = ["a", "b", "c", "d"].randomElement(using: &random)!
            let people = (0..<12).filter { _ in Int.random(in: 0..<4, using: &random) > 0 }
            let entries = people.map {
                #"<entry uri="sip:\#($0)@b.example"><display-name>\#(step % 3)</display-name></entry>"#
            }
            let bytes = Self.list(entries.joined())
            let document = try XMLDocument(parsing: bytes)
            let tag = "\(bytes.hashValue)"
            versions[tag] = document
            let isGone = Int.random(in: 0..<5, using: &random) == 0
            there[name] = isGone ? nil : (tag, document)
            changes.note(name, isGone ? nil : .document(tag: tag, bytes: bytes))
            guard Int.random(in: 0..<3, using: &random) == 0 else { continue }
            if Int.random(in: 0..<8, using: &random) == 0 {
                changes.tellAll()
                copy = Copy()
            }
            for entry in changes.take() {
                if case .patched = entry.change { patches += 1 }
                try copy.take(entry, fetching: versions)
            }
            #expect(copy.tags == there.mapValues(\.tag))
            #expect(copy.documents == there.mapValues(\.document))
        }
        #expect((patches > 0) == (mode != .noPatching))
    }

    @Test("What is written is valid", .enabled(if: PresenceFixtures.schema != nil))
    func schema() throws {
        let patch = try #require(
            XCAPDiffPatch(from: Self.list("<entry uri='a'/><entry uri='b'/>"), to: Self.list("<entry uri='c'/>")))
        let entries: [XCAPDiffDocument.Entry] = [
            .init("a/global/made", .exists("1")),
            .init("a/users/sip:joe@example.com/index", .changed(from: "2", to: "3")),
            .init("a/global/x", .patched(from: "1", to: "2", patch)), .init("a/global/gone", .removed("4")),
            .init("a/global/b/~~/*/@x", .attribute("5")), .init("a/global/b/~~/*/@y", .attribute(nil)),
            .init("a/global/b/~~/*", .element(XMLElement(XMLName("z", in: "urn:z")))),
            .init("a/global/b/~~/y", .element(nil)), .init("a/global/c/~~/*", .largeElement),
        ]
        for listed in [entries, []] {
            let body = XCAPDiffDocument.body(root: "https://xcap.example.com/xcap", listed)
            #expect(try PresenceFixtures.schemaComplaints(about: body) == "")
        }
    }
}
