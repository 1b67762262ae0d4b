import Presence
import SIPMessages
import Testing
import XMLTree

@Suite("Partial presence (RFC 5262, 5263, 5264)")
struct PartialPresenceTests {
    private static let full = """
        <?xml version="1.0" encoding="UTF-8"?>
        <p:pidf-full xmlns="urn:ietf:params:xml:ns:pidf" xmlns:p="urn:ietf:params:xml:ns:pidf-diff"
            xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
            entity="pres:ada@example.com" version="567">
         <tuple id="t1"><status><basic>open</basic></status><contact priority="0.8">tel:0901</contact></tuple>
         <tuple id="t2"><status><basic>closed</basic></status><contact priority="0.9">sip:ada@example.com</contact></tuple>
         <note xml:lang="en">all of it</note>
         <dm:person id="p1">
          <r:activities>
           <r:on-the-phone/>
           <r:busy/>
          </r:activities>
         </dm:person>
        </p:pidf-full>
        """

    private static func diff(_ operations: String, version: String = "568", entity: String = "pres:ada@example.com")
        -> [UInt8]
    {
        Array(
            """
            <p:pidf-diff xmlns="urn:ietf:params:xml:ns:pidf" xmlns:p="urn:ietf:params:xml:ns:pidf-diff"
                xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" xmlns:d="urn:ietf:params:xml:ns:pidf:data-model"
                entity="\(entity)" version="\(version)">\(operations)</p:pidf-diff>
            """.utf8)
    }

    private static let changes = """
        <p:add sel="presence/note" pos="before"><tuple id="t3"><status><basic>open</basic></status></tuple></p:add>
        <p:replace sel="*/tuple[@id='t2']/status/basic/text()">open</p:replace>
        <p:remove sel="*/d:person/r:activities/r:busy" ws="after"/>
        <p:replace sel="p:pidf-full/tuple[@id='t1']/contact/@priority">0.7</p:replace>
        <p:add sel='id("t1")'><note>new</note></p:add>
        """

    @Test("Changes on top of full state")
    func aChange() throws {
        let full = try PartialPresenceDocument(parsing: Array(Self.full.utf8))
        #expect(full.version == 567)
        let whole = try full.applied(to: nil)
        #expect(whole.root.name == PIDF.presence)
        #expect(whole.root[attribute: XMLName("version")] == nil)
        let root = try PartialPresenceDocument(parsing: Self.diff(Self.changes)).applied(to: whole).root
        #expect(root.all(PIDF.tuple).map { $0[attribute: XMLName("id")] } == ["t1", "t2", "t3"])
        #expect(root.all(PIDF.tuple)[1].first(PIDF.status)?.first(PIDF.basic)?.text == "open")
        #expect(root.all(PIDF.tuple)[0].first(PIDF.contact)?[attribute: XMLName("priority")] == "0.7")
        #expect(root.all(PIDF.tuple)[0].first(PIDF.note)?.text == "new")
        #expect(root.first(PIDF.person)?.elements.first?.elements.map(\.name.local) == ["on-the-phone"])
        _ = try PresenceDocument(parsing: XMLDocument(root: root).serialized)
    }

    @Test(
        "Documents that are none",
        arguments: [
            ("<presence xmlns='urn:ietf:params:xml:ns:pidf'/>", XMLPatchError.Condition.invalidDiffFormat),
            ("<pidf-full", .invalidDiffFormat),
            ("<pidf-full xmlns='urn:ietf:params:xml:ns:pidf-diff' version='-1'/>", .invalidAttributeValue),
            ("<pidf-full xmlns='urn:ietf:params:xml:ns:pidf-diff' version='4294967296'/>", .invalidAttributeValue),
        ])
    func noDocument(text: String, condition: XMLPatchError.Condition) {
        #expect {
            try PartialPresenceDocument(parsing: Array(text.utf8))
        } throws: {
            ($0 as? XMLPatchError)?.condition == condition
        }
    }

    // MARK: Publishing

    @Test("A publication begins with full state and goes on with changes")
    func publishing() throws {
        let first = try PartialPublication.document(from: Array(Self.full.utf8), present: nil)
        #expect(try PresenceDocument(parsing: first).basic == .open)
        let second = try PartialPublication.document(from: Self.diff(Self.changes), present: first)
        #expect(try PresenceDocument(parsing: second).elements.count == 5)
        // RFC 5264 §3.2: versions are not looked at; entity tags order publications.
        let third = try PartialPublication.document(
            from: Self.diff("<p:remove sel=\"*/*[@id='t3']\"/>", version: "3"), present: second)
        #expect(try PresenceDocument(parsing: third).elements.count == 4)
    }

    @Test("An initial publication can't be a change")
    func initialChange() {
        let refusal = #expect(throws: PartialPublication.Refusal.self) {
            try PartialPublication.document(from: Self.diff(Self.changes), present: nil)
        }
        #expect(refusal?.reason == "Invalid Partial Publication")
    }

    @Test(
        "Changes that can't be made are reported",
        arguments: [
            (Self.diff("<p:remove sel=\"*/*[@id='t9']\"/>"), "unlocated-node"),
            (Self.diff("", entity: "sip:bob@example.com"), "invalid-diff-format"),
            (Array("<nonsense/>".utf8), "invalid-diff-format"), (Array("".utf8), "invalid-diff-format"),
        ])
    func refusals(body: [UInt8], condition: String) throws {
        let first = try PartialPublication.document(from: Array(Self.full.utf8), present: nil)
        let refusal = #expect(throws: PartialPublication.Refusal.self) {
            try PartialPublication.document(from: body, present: first)
        }
        let report = try XMLDocument(parsing: #require(refusal?.report))
        #expect(report.root.elements.map(\.name.local) == [condition])
        if PresenceFixtures.schema != nil {
            #expect(try PresenceFixtures.schemaComplaints(about: report.serialized) == "")
        }
    }

    @Test("A publication that grew too large is refused")
    func growth() throws {
        let limits = XMLLimits(size: 1_700, depth: 64)
        let first = try PartialPublication.document(from: Array(Self.full.utf8), present: nil, limits: limits)
        let text = String(repeating: "x", count: 1_200)
        let body = Self.diff("<p:add sel='*'><note>\(text)</note></p:add>")
        #expect(throws: PartialPublication.Refusal.self) {
            try PartialPublication.document(from: body, present: first, limits: limits)
        }
    }

    // MARK: Notifying

    private static func document(_ basic: String) throws -> [UInt8] {
        let text = PresenceFixtures.document(PresenceFixtures.rich.replacing(">open<", with: ">\(basic)<"))
        let document = try PresenceDocument(parsing: Array(text.utf8))
        return Composition.document(of: .init("somebody@example.org")!, from: [document])
    }

    @Test("A watcher is told all once, and then what changed")
    func notifying() throws {
        var notifier = PartialNotifications()
        var changes = PresenceChanges()
        var watcher = PartialPresenceCopy()
        let open = try Self.document("open")
        let closed = try Self.document("closed")
        let first = try #require(notifier.next(open, &changes))
        #expect(String(decoding: first, as: UTF8.self).contains("pidf-full"))
        #expect(watcher.take(first) == .changed(try XMLDocument(parsing: open).serialized))
        let second = try #require(notifier.next(closed, &changes))
        let text = String(decoding: second, as: UTF8.self)
        #expect(text.contains("<p:replace sel=\"*/*[@id='t1']/*[1]/*[1]/text()\">closed</p:replace>"))
        #expect(second.count < first.count / 2)
        #expect(watcher.take(second) == .changed(try XMLDocument(parsing: closed).serialized))
        #expect(watcher.take(second) == .stale)
        notifier.tellAll()
        let third = try #require(notifier.next(open, &changes))
        #expect(String(decoding: third, as: UTF8.self).contains("pidf-full"))
        #expect(notifier.version == 3)
        #expect(watcher.take(third) == .changed(try XMLDocument(parsing: open).serialized))
        for body in [first, second, third] where PresenceFixtures.schema != nil {
            #expect(try PresenceFixtures.schemaComplaints(about: body) == "")
        }
    }

    @Test("A watcher that missed a change asks for all state")
    func missing() throws {
        var notifier = PartialNotifications()
        var changes = PresenceChanges()
        var watcher = PartialPresenceCopy()
        let bodies = try ["open", "closed", "open"].map { basic in
            try #require(notifier.next(try Self.document(basic), &changes))
        }
        _ = watcher.take(bodies[0])
        #expect(watcher.take(bodies[2]) == .refreshNeeded)
        #expect(watcher.take(Array("<nonsense/>".utf8)) == .refreshNeeded)
        // RFC 5263 §4.5: full state may be any number of versions ahead.
        notifier.tellAll()
        #expect(try watcher.take(#require(notifier.next(Self.document("open"), &changes))) != .refreshNeeded)
        watcher.discard()
        #expect(try watcher.take(#require(notifier.next(Self.document("closed"), &changes))) == .refreshNeeded)
    }

    @Test(
        "Who gets changes",
        arguments: [
            (nil, false), ("", false), ("application/pidf+xml", false), ("*/*", false),
            ("application/pidf-diff+xml", true), ("application/pidf+xml, application/pidf-diff+xml", true),
            ("application/pidf+xml;q=0.3, application/pidf-diff+xml;q=1", true),
            ("application/pidf+xml, application/pidf-diff+xml;q=0.3", false),
            ("application/pidf-diff+xml;q=0", false), ("application/pidf-diff+xml;q=0.5, */*;q=0.1", true),
            ("application/pidf-diff+xml;q=0.5, */*;q=0.9, application/pidf+xml;q=0.1", true),
        ] as [(String?, Bool)])
    func negotiation(accept: String?, isPartial: Bool) throws {
        let ranges = try accept.map { text in
            try text.split(separator: ",").map {
                try MediaType(HeaderText(String($0.drop { $0 == " " })), of: .accept)
            }
        }
        #expect(PartialPresence.isPreferred(ranges) == isPartial)
    }
}
