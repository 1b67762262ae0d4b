import Presence
import Primitives
import Testing
import XMLTree

@Suite("What a watcher may see of a document")
struct PrivacyFilterTests {
    private typealias Rules = RulesetFixtures

    /// Everything that rules have a say about, each with a mark of its own.
    private static let inner = """
        <tuple id="t1"><status><basic>open</basic><x:location>t-status</x:location></status>
          <r:class>work</r:class><dm:deviceID>urn:uuid:d1</dm:deviceID><r:privacy><r:text/></r:privacy>
          <r:relationship><r:self/></r:relationship><r:service-class><r:electronic/></r:service-class>
          <r:status-icon>http://example.org/t-icon</r:status-icon>
          <r:user-input idle-threshold="600" last-input="2026-11-24T12:00:00Z" since="x" id="u">idle</r:user-input>
          <r:mood><r:happy/></r:mood><x:foo>t-foo</x:foo><x:bar>t-bar</x:bar>
          <contact priority="0.8">sip:alice@192.0.2.7</contact><note>t-note</note>
          <timestamp>2026-11-24T12:00:00Z</timestamp></tuple>
        <tuple id="t2"><status><basic>closed</basic></status><contact>mailto:alice@example.org</contact></tuple>
        <note>the presentity's note</note>
        <dm:person id="p1"><r:activities><r:away/><r:note>lunch</r:note></r:activities><r:class>work</r:class>
          <r:mood><r:sad/></r:mood><r:place-is><r:audio><r:noisy/></r:audio></r:place-is>
          <r:place-type><x:cafe/></r:place-type><r:privacy><r:audio/></r:privacy><r:sphere><r:work/></r:sphere>
          <r:status-icon>http://example.org/p-icon</r:status-icon><r:time-offset>60</r:time-offset>
          <r:user-input>active</r:user-input><r:relationship><r:family/></r:relationship><x:foo>p-foo</x:foo>
          <dm:note>p-note</dm:note><dm:timestamp>2026-11-24T12:00:00Z</dm:timestamp></dm:person>
        <dm:person id="p2"><r:class>home</r:class></dm:person>
        <dm:device id="d1"><r:class>biz</r:class><r:user-input idle-threshold="5">active</r:user-input>
          <x:foo>d-foo</x:foo><dm:deviceID>urn:uuid:d1</dm:deviceID><dm:note>d-note</dm:note>
          <dm:timestamp>2026-11-24T12:00:00Z</dm:timestamp></dm:device>
        <x:extension>beside</x:extension>
        """

    private static let document = try! XMLDocument(parsing: Array(PresenceFixtures.document(inner).utf8)).root

    private func filtered(_ transformations: String) throws -> XMLElement {
        try Rules.permissions(transformations).filtered(Self.document)
    }

    /// The elements that are shown, by their ids.
    private func shown(_ transformations: String) throws -> [String] {
        try filtered(transformations).elements.map { $0[attribute: XMLName("id")] ?? $0.name.local }
    }

    /// What an element is shown with: the names of its children.
    private func children(_ id: String, _ transformations: String) throws -> Set<String> {
        let all =
            "<pr:provide-services><pr:all-services/></pr:provide-services><pr:provide-persons><pr:all-persons/>"
            + "</pr:provide-persons><pr:provide-devices><pr:all-devices/></pr:provide-devices>"
        let element = try filtered(all + transformations).elements.first { $0[attribute: XMLName("id")] == id }
        return Set(try #require(element).elements.map(\.name.local))
    }

    @Test(
        "Devices, persons and services are picked by their names",
        arguments: [
            ("services", "", []),
            ("services", "<pr:all-services/>", ["t1", "t2"]),
            ("services", "<pr:class>work</pr:class>", ["t1"]),
            ("services", "<pr:class>Work</pr:class>", []),
            ("services", "<pr:occurrence-id>t2</pr:occurrence-id>", ["t2"]),
            ("services", "<pr:occurrence-id>T2</pr:occurrence-id>", []),
            ("services", "<pr:service-uri>sip:alice@192.0.2.7</pr:service-uri>", ["t1"]),
            ("services", "<pr:service-uri>SIP:%61lice@192.0.2.7</pr:service-uri>", ["t1"]),
            ("services", "<pr:service-uri>sip:alice@192.0.2.8</pr:service-uri>", []),
            ("services", "<pr:service-uri-scheme>mailto</pr:service-uri-scheme>", ["t2"]),
            ("services", "<pr:service-uri-scheme>SIP</pr:service-uri-scheme>", []),
            ("services", "<pr:deviceID>urn:uuid:d1</pr:deviceID>", []),
            ("services", "<pr:class>work</pr:class><pr:occurrence-id>t2</pr:occurrence-id>", ["t1", "t2"]),
            ("services", "<pr:all-persons/>", []),
            ("persons", "<pr:all-persons/>", ["p1", "p2"]),
            ("persons", "<pr:class>home</pr:class>", ["p2"]),
            ("persons", "<pr:occurrence-id> p1 </pr:occurrence-id>", ["p1"]),
            ("persons", "<pr:occurrence-id>t1</pr:occurrence-id>", []),
            ("devices", "<pr:all-devices/>", ["d1"]),
            ("devices", "<pr:class>biz</pr:class>", ["d1"]),
            ("devices", "<pr:occurrence-id>d1</pr:occurrence-id>", ["d1"]),
            ("devices", "<pr:deviceID>urn:uuid:d1</pr:deviceID>", ["d1"]),
            ("devices", "<pr:deviceID>urn:uuid:d2</pr:deviceID>", []),
            ("devices", "<pr:service-uri>sip:alice@192.0.2.7</pr:service-uri>", []),
        ] as [(String, String, [String])])
    func occurrences(kind: String, selectors: String, expected: [String]) throws {
        #expect(try shown("<pr:provide-\(kind)>\(selectors)</pr:provide-\(kind)>") == expected)
    }

    @Test("Without any permission for attributes, what is always reported")
    func always() throws {
        #expect(try children("t1", "") == ["status", "contact", "service-class", "timestamp"])
        #expect(try children("p1", "") == ["timestamp"])
        #expect(try children("d1", "") == ["timestamp", "deviceID"])
        let services = "<pr:provide-services><pr:all-services/></pr:provide-services>"
        let status = try filtered(services).elements[0].first(PIDF.status)
        #expect(status?.elements.map(\.name) == [PIDF.basic])
        #expect(try filtered(services).elements[0].first(PIDF.contact)?[attribute: XMLName("priority")] == "0.8")
    }

    @Test(
        "Each permission shows one attribute, where it is defined",
        arguments: [
            ("activities", [], ["activities"], []), ("class", ["class"], ["class"], ["class"]),
            ("deviceID", ["deviceID"], [], []), ("mood", [], ["mood"], []), ("place-is", [], ["place-is"], []),
            ("place-type", [], ["place-type"], []), ("privacy", ["privacy"], ["privacy"], []),
            ("relationship", ["relationship"], [], []), ("sphere", [], ["sphere"], []),
            ("status-icon", ["status-icon"], ["status-icon"], []), ("time-offset", [], ["time-offset"], []),
            ("note", ["note"], ["note"], ["note"]), ("weather", [], [], []),
        ] as [(String, Set<String>, Set<String>, Set<String>)])
    func attribute(name: String, tuple: Set<String>, person: Set<String>, device: Set<String>) throws {
        for (id, expected) in [("t1", tuple), ("p1", person), ("d1", device)] {
            let always = try children(id, "")
            for value in ["true", "1"] {
                #expect(try children(id, "<pr:provide-\(name)>\(value)</pr:provide-\(name)>") == always.union(expected))
            }
            for value in ["false", "0", "", "yes", "TRUE"] {
                #expect(try children(id, "<pr:provide-\(name)>\(value)</pr:provide-\(name)>") == always)
            }
        }
    }

    @Test("A note within an attribute comes with the attribute")
    func innerNote() throws {
        let root = try filtered(
            "<pr:provide-persons><pr:all-persons/></pr:provide-persons>"
                + "<pr:provide-activities>true</pr:provide-activities>")
        let activities = root.elements[0].elements.first { $0.name.local == "activities" }
        #expect(activities?.elements.last?.text == "lunch")
    }

    @Test(
        "User input in degrees",
        arguments: [
            ("false", nil), ("bare", []), ("thresholds", ["idle-threshold"]),
            ("full", ["idle-threshold", "last-input", "since", "id"]), ("much", nil),
        ] as [(String, [String]?)])
    func userInput(value: String, attributes: [String]?) throws {
        let root = try filtered(
            "<pr:provide-services><pr:all-services/></pr:provide-services>"
                + "<pr:provide-user-input>\(value)</pr:provide-user-input>")
        let input = root.elements[0].elements.first { $0.name.local == "user-input" }
        #expect(input?.attributes.map(\.name.local) == attributes)
        #expect(input == nil || input?.text == "idle")
        for id in ["p1", "d1"] {
            let names = try children(id, "<pr:provide-user-input>\(value)</pr:provide-user-input>")
            #expect(names.contains("user-input") == (attributes != nil))
        }
    }

    private static func unknown(_ name: String, _ namespace: String, _ value: String = "true") -> String {
        "<pr:provide-unknown-attribute name='\(name)' ns='\(namespace)'>\(value)</pr:provide-unknown-attribute>"
    }

    @Test("What RFC 5025 does not know is shown by its name, as a child of a tuple, person or device only")
    func unknownAttribute() throws {
        for id in ["t1", "p1", "d1"] {
            #expect(try children(id, Self.unknown("foo", "urn:example:x")) == children(id, "").union(["foo"]))
            for none in [
                Self.unknown("foo", "urn:example:x", "false"), Self.unknown("foo", "urn:example:y"),
                Self.unknown("x:foo", "urn:example:x"), Self.unknown("", "urn:example:x"),
                "<pr:provide-unknown-attribute name='foo'>true</pr:provide-unknown-attribute>",
                // What has a permission of its own is not unknown.
                Self.unknown("class", "urn:ietf:params:xml:ns:pidf:rpid"), Self.unknown("note", PIDF.namespace),
                Self.unknown("note", PIDF.dataModelNamespace), Self.unknown("location", "urn:example:x"),
            ] { #expect(try children(id, none) == children(id, "")) }
        }
        let root = try filtered(
            "<pr:provide-services><pr:all-services/></pr:provide-services>" + Self.unknown("location", "urn:example:x"))
        #expect(root.elements[0].first(PIDF.status)?.elements.count == 1)
    }

    @Test("All attributes of what is shown, known or not")
    func allAttributes() throws {
        let root = try filtered(
            "<pr:provide-services><pr:class>work</pr:class></pr:provide-services><pr:provide-all-attributes/>")
        let original = Self.document.elements[0]
        #expect(root.elements.map { $0[attribute: XMLName("id")] } == ["t1"])
        #expect(root.elements[0].elements == original.elements)
        #expect(try shown("<pr:provide-all-attributes/>").isEmpty)
    }

    @Test("A note about the presentity takes what the notes of all persons take")
    func presentityNote() throws {
        let persons = "<pr:provide-persons><pr:all-persons/></pr:provide-persons>"
        let note = "<pr:provide-note>true</pr:provide-note>"
        #expect(try shown(persons + note) == ["note", "p1", "p2"])
        #expect(try shown(persons + "<pr:provide-all-attributes/>") == ["note", "p1", "p2"])
        #expect(try shown(persons) == ["p1", "p2"])
        #expect(try shown(note).isEmpty)
        #expect(
            try shown("<pr:provide-persons><pr:occurrence-id>p1</pr:occurrence-id></pr:provide-persons>" + note) == [
                "p1"
            ])
    }

    @Test("Who may see everything gets the document as it is")
    func everything() throws {
        let all = try Rules.permissions(
            "<pr:provide-services><pr:all-services/></pr:provide-services><pr:provide-persons><pr:all-persons/>"
                + "</pr:provide-persons><pr:provide-devices><pr:all-devices/></pr:provide-devices>"
                + "<pr:provide-all-attributes/><pr:provide-mood>true</pr:provide-mood>")
        #expect(all == .everything)
        #expect(all.filtered(Self.document) == Self.document)
    }

    /// RFC 5025 §6.
    @Test("The example document")
    func example() throws {
        let transformations = """
            <pr:provide-services><pr:service-uri-scheme>sip</pr:service-uri-scheme>
              <pr:service-uri-scheme>mailto</pr:service-uri-scheme></pr:provide-services>
            <pr:provide-persons><pr:all-persons/></pr:provide-persons>
            <pr:provide-activities>true</pr:provide-activities><pr:provide-user-input>bare</pr:provide-user-input>
            """ + Self.unknown("foo", "urn:example:x")
        let root = try filtered(transformations)
        #expect(root.elements.compactMap { $0[attribute: XMLName("id")] } == ["t1", "t2", "p1", "p2"])
        let names = { (index: Int) in Set(root.elements[index].elements.map(\.name.local)) }
        #expect(names(0) == ["status", "contact", "service-class", "timestamp", "user-input", "foo"])
        #expect(names(2) == ["timestamp", "activities", "user-input", "foo"])
        #expect(names(3).isEmpty)
        #expect(root.elements[0].elements.first { $0.name.local == "user-input" }?.attributes.isEmpty == true)
    }

    @Test("Nothing is said between the lines: no comment, characters or attribute, no prefix that is not needed")
    func residue() throws {
        let text =
            "<presence xmlns='\(PIDF.namespace)' xmlns:s='urn:example:secret' entity='sip:a@example.org' s:a='1'>"
            + "secret<!--secret--><?secret secret?><tuple id='t' s:secret='1' secret='2' xmlns:t='urn:example:secret'>"
            + "secret<!--secret--><status secret='1'>secret<basic>open</basic></status><s:secret/><?secret x?>"
            + "<contact>sip:a@example.org</contact></tuple></presence>"
        let services = try Rules.permissions("<pr:provide-services><pr:all-services/></pr:provide-services>")
        let bytes = try #require(services.filtered(Array(text.utf8)))
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <presence xmlns="\(PIDF.namespace)" entity="sip:a@example.org"><tuple id="t"><status>\
                <basic>open</basic></status><contact>sip:a@example.org</contact></tuple></presence>

                """)
    }

    @Test("A document all of which is permitted is written as composition wrote it")
    func sameBytes() throws {
        let alice = AddressOfRecord("alice@example.org")!
        let offline = Composition.document(of: alice, from: [])
        let services = try Rules.permissions("<pr:provide-services><pr:all-services/></pr:provide-services>")
        #expect(services.filtered(offline) == offline)
        let rich = try PresenceDocument(parsing: Array(PresenceFixtures.document(PresenceFixtures.rich).utf8))
        let composed = Composition.document(of: alice, from: [rich])
        #expect(PresencePermissions.everything.filtered(composed) == composed)
    }

    @Test("What is shown is still a presence document", .enabled(if: PresenceFixtures.schema != nil))
    func isValid() throws {
        let rich = try PresenceDocument(parsing: Array(PresenceFixtures.document(PresenceFixtures.rich).utf8))
        let composed = Composition.document(of: AddressOfRecord("alice@example.org")!, from: [rich])
        for transformations in [
            "",
            "<pr:provide-services><pr:all-services/></pr:provide-services>"
                + "<pr:provide-persons><pr:all-persons/></pr:provide-persons><pr:provide-mood>true</pr:provide-mood>",
        ] {
            let bytes = try #require(try Rules.permissions(transformations).filtered(composed))
            #expect(try PresenceFixtures.schemaComplaints(about: bytes) == "")
        }
    }
}
