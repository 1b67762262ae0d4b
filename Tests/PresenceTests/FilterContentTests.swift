import Presence
import Testing
import XMLTree

@Suite("What a filter delivers (RFC 4661 §3.5)")
struct FilterContentTests {
    private typealias Fixtures = FilterFixtures

    @Test(
        arguments: [
            (
                "<include>/pidf:presence/pidf:tuple[rpid:class=\"IM\" or rpid:class=\"SMS\"\n or rpid:class=\"MMS\"]/\n"
                    + "pidf:status/pidf:basic</include>",
                "presence@entity(tuple@id(status(basic)))"
            ),
            (
                "<include type='xpath'>//pidf:basic</include>",
                "presence@entity(tuple@id(status(basic)) tuple@id(status(basic)))"
            ),
            (
                "<include type='namespace'> urn:ietf:params:xml:ns:pidf </include>",
                "presence@entity(tuple@id(status(basic) contact@priority note) tuple@id(status(basic) contact@priority) note)"
            ),
            (
                "<include type='namespace'>urn:ietf:params:xml:ns:pidf</include><exclude>//pidf:note</exclude>",
                "presence@entity(tuple@id(status(basic) contact@priority) tuple@id(status(basic) contact@priority))"
            ),
            // An element is delivered with what is in it, those around it with what is mandatory.
            ("<include>//rpid:activities</include>", "presence@entity(person@id(activities(busy)))"),
            ("<include>//rpid:user-input</include>", "presence@entity(device@id(user-input@idle-threshold deviceID))"),
            // Several add up.
            (
                "<include>//rpid:mood</include><include>/pidf:presence/pidf:note</include>",
                "presence@entity(note person@id(mood(happy)))"
            ),
            // An attribute of an element that is optional.
            (
                "<include>//pidf:tuple[@id='im']/pidf:contact/@priority</include>",
                "presence@entity(tuple@id(status(basic) contact@priority))"
            ),
            // What is mandatory stays.
            (
                "<include>//pidf:tuple[@id='im']</include><exclude>//pidf:status</exclude>"
                    + "<exclude>//pidf:tuple/@id</exclude><exclude>/pidf:presence</exclude>",
                "presence@entity(tuple@id(status(basic) class contact@priority note))"
            ),
            (
                "<exclude type='namespace'>urn:ietf:params:xml:ns:pidf:rpid</exclude><exclude>//pidf:tuple</exclude>",
                "presence@entity(note person@id device@id(deviceID))"
            ),
            (
                "<exclude>//pidf:contact/@priority</exclude><exclude>//dm:person</exclude><exclude>/*/dm:device</exclude>",
                "presence@entity(tuple@id(status(basic) class contact note) tuple@id(status(basic) class contact) note)"
            ),
            // Comparisons.
            (
                "<include>//pidf:tuple[pidf:contact/@priority&lt;0.5]</include>",
                "presence@entity(tuple@id(status(basic) class contact@priority))"
            ),
            (
                "<include>//pidf:tuple[pidf:contact/@priority>0.5 and rpid:class='voice']</include>", ""
            ),
            ("<include>//rpid:class[.='IM']</include>", "presence@entity(tuple@id(status(basic) class))"),
            ("<include>/*/*/pidf:note</include>", "presence@entity(tuple@id(status(basic) note))"),
            (
                "<include>//*[pidf:status/pidf:basic='closed']/rpid:class</include>",
                "presence@entity(tuple@id(status(basic) class))"
            ),
            ("<include>//pidf:basic[..='open']</include>", "presence@entity(tuple@id(status(basic)))"),
            (
                "<include>//pidf:tuple[*/pidf:basic='open']/pidf:note</include>",
                "presence@entity(tuple@id(status(basic) note))"
            ),
            // XPath 1.0 §2.3: without a prefix a name is in no namespace.
            ("<include>/presence</include>", ""), ("<include>//pidf:nothing</include>", ""),
            (
                "",
                "presence@entity(tuple@id(status(basic) class contact@priority note) tuple@id(status(basic) class "
                    + "contact@priority) note person@id(activities(busy) mood(happy)) device@id(user-input@idle-threshold "
                    + "deviceID))"
            ),
        ])
    func content(what: String, expected: String) throws {
        // An empty <what> counts as none, so a trigger keeps such a filter from being empty.
        let filter = try Fixtures.filter("<what>\(what)</what><trigger><added>//pidf:tuple</added></trigger>")
        let root = try Fixtures.parse(Fixtures.presence)
        let filtered = filter.content(of: root, .presence)
        #expect(Fixtures.outline(filtered) == expected)
        guard let filtered, PresenceFixtures.schema != nil else { return }
        #expect(try PresenceFixtures.schemaComplaints(about: XMLDocument(root: filtered).serialized) == "")
    }

    @Test("A location is delivered with the rules for its use, or not at all")
    func locations() throws {
        let geopriv = """
            <gp:geopriv xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"><gp:location-info><x/></gp:location-info>
            <gp:usage-rules/></gp:geopriv>
            """
        let text = Fixtures.presence.replacing(
            "<status><basic>open</basic>", with: "<status><basic>open</basic>\(geopriv)")
        let filter = try Fixtures.filter("<what><include>//*[.='']</include></what>")
        let outline = Fixtures.outline(filter.content(of: try Fixtures.parse(text), .presence))
        #expect(outline.contains("geopriv(location-info(x) usage-rules)"))
    }

    @Test("What costs too much is not applied")
    func work() throws {
        let inner = (0..<4000).map { "<n>\($0)</n>" }.joined()
        let root = try Fixtures.parse("<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='x'>\(inner)</presence>")
        let many = String(repeating: "<include>//*[..='x' and .='y']</include>", count: 60)
        let filter = try Fixtures.filter("<what>\(many)</what>")
        #expect(filter.content(of: root, .presence) == root)
    }
}
