import Presence
import Primitives
import Testing
import XMLTree

@Suite("Composition of presence documents")
struct CompositionTests {
    private let alice = AddressOfRecord("alice@example.org")!

    private func document(_ inner: String) throws -> PresenceDocument {
        try PresenceDocument(parsing: Array(PresenceFixtures.document(inner).utf8))
    }

    private func compose(_ inners: String...) throws -> XMLElement {
        let bytes = Composition.document(of: alice, from: try inners.map(document))
        return try XMLDocument(parsing: bytes).root
    }

    private func ids(_ root: XMLElement) -> [String] { root.elements.map { $0[attribute: XMLName("id")] ?? "" } }

    @Test("Nothing known: one closed tuple that names the address of record")
    func neutral() throws {
        let root = try compose()
        #expect(root[attribute: XMLName("entity")] == "sip:alice@example.org")
        #expect(root.elements.count == 1)
        #expect(root.elements[0].first(PIDF.status)?.first(PIDF.basic)?.text == "closed")
        #expect(root.elements[0].first(PIDF.contact)?.text == "sip:alice@example.org")
    }

    @Test("The fresher description of a tuple, person and device stays, and what only one knows stays too")
    func fresherWins() throws {
        let root = try compose(
            "<tuple id='t1'><status><basic>open</basic></status></tuple>"
                + "<dm:device id='d1'><x:new/><dm:deviceID>urn:x:mac:1</dm:deviceID></dm:device>"
                + "<dm:person id='p1'><dm:note>new</dm:note></dm:person>",
            "<tuple id='t1'><status><basic>closed</basic></status></tuple>"
                + "<tuple id='t2'><status><basic>closed</basic></status></tuple>"
                + "<dm:device id='d2'><dm:deviceID>urn:x:mac:1</dm:deviceID></dm:device>"
                + "<dm:person id='p1'><dm:note>old</dm:note></dm:person>")
        #expect(ids(root) == ["t1", "t2", "d1", "p1"])
        #expect(root.elements[0].first(PIDF.status)?.first(PIDF.basic)?.text == "open")
        #expect(root.first(PIDF.person)?.first(PIDF.dataModelNote)?.text == "new")
        #expect(root.first(PIDF.device)?.first(XMLName("new", in: "urn:example:x")) != nil)
    }

    @Test("Elements that are not understood are kept whole, once")
    func unknownElements() throws {
        let unknown = "<x:sphere lang='q'><x:deep><note>inner</note></x:deep></x:sphere>"
        let root = try compose(unknown + "<tuple id='t'><status/><x:a b='1'/></tuple>", unknown)
        let kept = root.all(XMLName("sphere", in: "urn:example:x"))
        #expect(kept.count == 1)
        #expect(kept[0].elements[0].first(PIDF.note)?.text == "inner")
        #expect(root.first(PIDF.tuple)?.first(XMLName("a", in: "urn:example:x"))?[attribute: XMLName("b")] == "1")
    }

    @Test("Tuples come first, then notes, then the rest, as the schema wants")
    func order() throws {
        let root = try compose(
            "<dm:person id='p'/><note>hello</note><tuple id='t'><status/></tuple>", "<note>hello</note><note>two</note>"
        )
        #expect(root.elements.map(\.name) == [PIDF.tuple, PIDF.note, PIDF.note, PIDF.person])
    }

    @Test("Unrelated elements that share an id are kept apart")
    func sharedIdentifiers() throws {
        let root = try compose(
            "<tuple id='a'><status/></tuple>", "<dm:person id='a'><dm:note>n</dm:note></dm:person>",
            "<dm:device id='a'><dm:deviceID>urn:x:1</dm:deviceID></dm:device>")
        #expect(ids(root) == ["a", "a-2", "a-3"])
        #expect(root.first(PIDF.person)?.first(PIDF.dataModelNote)?.text == "n")
    }

    @Test("Of very many elements the freshest are kept, each under an id of its own, and another node can read them")
    func bounded() throws {
        let documents = try (0..<20).map { source in
            try document((0..<64).map { "<x:e id='a' n='\(source)-\($0)'/>" }.joined())
        }
        // Names that renaming would arrive at are taken already.
        let taken = try document("<x:e id='a-3'/><x:e id='a-5'/><x:e id='a-300'/>")
        let bytes = Composition.document(of: alice, from: [taken] + documents)
        let root = try XMLDocument(parsing: bytes).root
        #expect(root.elements.count == 512)
        #expect(ids(root).prefix(8) == [Composition.neutralID, "a-3", "a-5", "a-300", "a", "a-2", "a-4", "a-6"])
        #expect(Set(ids(root)).count == 512)
        #expect(root.elements[67][attribute: XMLName("n")] == "0-63")
        #expect(root.elements.last?[attribute: XMLName("n")] == "7-59")
        var driver = AgentDriver()
        try driver.subscribe()
        driver.answer(driver.sent[0])
        driver.handle(.remoteDocument(EventResource(AgentDriver.alice), source: [7], document: bytes, version: 5))
        #expect(driver.sent.first?.document?.elements.count == 512)
    }

    @Test("The closed tuple of a node that knows nothing gives way to any other")
    func neutralGivesWay() throws {
        let nothing = try PresenceDocument(parsing: Composition.document(of: alice, from: []))
        let something = try document("<tuple id='t'><status><basic>open</basic></status></tuple>")
        let root = try XMLDocument(parsing: Composition.document(of: alice, from: [nothing, something])).root
        #expect(ids(root) == ["t"])
        let closed = Composition.document(of: alice, from: [nothing])
        #expect(closed == Composition.document(of: alice, from: []))
    }

    @Test("Composing a composed document changes nothing")
    func idempotent() throws {
        let composed = Composition.document(
            of: alice,
            from: [try document(PresenceFixtures.rich), try document("<tuple id='z'><status/></tuple><note>n</note>")])
        let again = Composition.document(of: alice, from: [try PresenceDocument(parsing: composed)])
        #expect(again == composed)
    }

    @Test("Basic status and note are found where clients put them")
    func summary() throws {
        let rich = try document(PresenceFixtures.rich)
        #expect(rich.basic == .open)
        #expect(rich.note == "At my desk")
        #expect(try document("<tuple id='t'><status><basic> closed </basic></status></tuple>").basic == .closed)
        #expect(try document("<note>hi</note>").basic == nil)
    }

    @Test(
        "What is not a presence document is refused",
        arguments: [
            "<presence entity='sip:a@b'/>", "<other xmlns='urn:ietf:params:xml:ns:pidf'/>",
            PresenceFixtures.document("<tuple><status/></tuple>"), PresenceFixtures.document("<tuple id='a'/>"),
            PresenceFixtures.document("<tuple id='a'><status/></tuple><tuple id='a'><status/></tuple>"),
            PresenceFixtures.document("<dm:person/>"),
            PresenceFixtures.document(String(repeating: "<note>n</note>", count: 65)),
        ])
    func refuses(_ text: String) {
        #expect(throws: PresenceDocumentError.self) { try PresenceDocument(parsing: Array(text.utf8)) }
    }

    @Test("What is composed is valid against the schemas of the RFCs", .enabled(if: PresenceFixtures.schema != nil))
    func validates() throws {
        let documents = [
            Composition.document(of: alice, from: []),
            Composition.document(of: alice, from: [try document(PresenceFixtures.rich)]),
            Composition.document(
                of: AddressOfRecord("o&k<\"@example.org")!,
                from: [
                    try document("<tuple id='p1'><status/></tuple><note xml:lang='de'>n</note>"),
                    try document(PresenceFixtures.rich),
                ]),
        ]
        for bytes in documents { #expect(try PresenceFixtures.schemaComplaints(about: bytes) == "") }
    }
}
