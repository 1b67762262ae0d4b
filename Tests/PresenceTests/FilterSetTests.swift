import Presence
import Primitives
import Testing
import XMLTree

@Suite("The filters of a subscription (RFC 4660)")
struct FilterSetTests {
    private typealias Fixtures = FilterFixtures
    private static let friends = AddressOfRecord("friends@example.com")!
    private static let bob = AddressOfRecord("bob@example.org")!
    private static let what = "<what><include>//pidf:basic</include></what>"

    private func take(_ inner: String, into set: inout FilterSet, package: String = "") throws {
        try set.take(Fixtures.filters(inner, package: package), for: Self.friends, package: "presence")
    }

    @Test("Filters are added, replaced, disabled, enabled and removed by their ids")
    func refreshes() throws {
        var set = FilterSet()
        try take(
            "<filter id='1'>\(Self.what)</filter><filter id='2' uri='sip:bob@example.org'>\(Self.what)</filter>",
            into: &set)
        #expect(set.filters.map(\.id) == ["1", "2"])
        let first = set.filters[0]
        try take("<filter id='1' enabled='false'/>", into: &set)
        #expect(set.filter(for: Self.friends, requested: Self.friends) == nil)
        #expect(set.filter(for: Self.bob, requested: Self.friends)?.id == "2")
        try take("<filter id='1' enabled='true'/>", into: &set)
        #expect(set.filters[0] == first)
        try take("<filter id='1'><trigger><added>//pidf:tuple</added></trigger></filter>", into: &set)
        #expect(set.filters[0] != first)
        try take("<filter id='2' remove='true'/><filter id='9' remove='1'/>", into: &set)
        #expect(set.filters.map(\.id) == ["1"])
    }

    @Test("A filter for a resource goes before one for its domain, and that before one for the list")
    func targets() throws {
        var set = FilterSet()
        try take("<filter id='list'>\(Self.what)</filter>", into: &set)
        #expect(set.filter(for: Self.bob, requested: Self.friends)?.id == "list")
        try take("<filter id='domain' domain='Example.ORG'>\(Self.what)</filter>", into: &set)
        #expect(set.filter(for: Self.bob, requested: Self.friends)?.id == "domain")
        #expect(set.filter(for: Fixtures.ada, requested: Self.friends)?.id == "list")
        try take("<filter id='bob' uri='pres:bob@EXAMPLE.org'>\(Self.what)</filter>", into: &set)
        #expect(set.filter(for: Self.bob, requested: Self.friends)?.id == "bob")
        #expect(set.filter(for: Self.friends, requested: Self.friends)?.id == "list")
    }

    @Test("What is kept makes the same filters again")
    func documents() throws {
        var set = FilterSet()
        try take(
            "<filter id='1'>\(Self.what)</filter><filter id='2' domain='example.org' enabled='false'>\(Self.what)</filter>"
                + "<filter id='3' uri='sip:bob@example.org'><trigger><changed by='2'>//rpid:x</changed></trigger></filter>",
            into: &set)
        var again = FilterSet()
        for document in set.documents { try again.take(document, for: Self.friends, package: "presence") }
        #expect(again.documents == set.documents)
        #expect(again.filters.map(\.id) == ["1", "2", "3"])
        #expect(again.filters.map(\.isEnabled) == [true, false, true])
        if PresenceFixtures.schema != nil {
            for document in set.documents { #expect(try PresenceFixtures.schemaComplaints(about: document) == "") }
        }
    }

    @Test(
        "What is refused with 488",
        arguments: [
            "", "<filter/>", "<filter id='1'/>", "<filter id='1'><what/></filter>",
            "<filter id='1'>\(what)</filter><filter id='1' domain='example.org'>\(what)</filter>",
            "<filter id='1'>\(what)</filter><filter id='2'>\(what)</filter>",
            "<filter id='1'>\(what)</filter><filter id='2' uri='sip:friends@example.com'>\(what)</filter>",
            "<filter id='1' domain='a.example'>\(what)</filter><filter id='2' domain='A.example'>\(what)</filter>",
            "<filter id='1' uri='sip:b@example.org' domain='example.org'>\(what)</filter>",
            "<filter id='1' uri='tel:+1'>\(what)</filter>", "<filter id='1' enabled='yes'>\(what)</filter>",
            "<filter id='1'>\(what)\(what)</filter>",
            "<filter id='1'><what><include type='regex'>x</include></what></filter>",
            "<filter id='1'><trigger><moved>//pidf:x</moved></trigger></filter>",
            "<filter id='1'><trigger><changed by='x'>//pidf:x</changed></trigger></filter>",
            "<filter id='1'><trigger><changed by='1' to='open'>//pidf:x</changed></trigger></filter>",
            "<filter id='1'><trigger><added>//pidf:x[.='1']</added></trigger></filter>",
            "<filter id='1'><what>\(String(repeating: "<include>//*</include>", count: 65))</what></filter>",
        ])
    func refusals(inner: String) throws {
        var set = FilterSet()
        #expect(throws: FilterError.self) { try take(inner, into: &set) }
        #expect(set == FilterSet())
    }

    @Test(
        "Expressions beyond the grammar",
        arguments: [
            "", "/", "//", "presence", "pidf:presence", "/pidf:presence/", "/pidf:presence//", "//@id", "/@id",
            "/pidf:presence/@id/x", "///pidf:x", "/q:presence", "/pidf:presence[1]", "/pidf:presence[last()]",
            "/pidf:presence[]", "/pidf:presence[pidf:x]", "/pidf:presence[pidf:x=]", "/pidf:presence[pidf:x='1'",
            "/pidf:presence[pidf:x='1' and]", "/pidf:presence[pidf:x='1'][pidf:y='1']", "/pidf:presence[not(.='1')]",
            "/pidf:presence[pidf:x!='1']", "/pidf:presence[pidf:x//pidf:y='1']", "/pidf:presence | /pidf:x",
            "count(//pidf:x)", "/descendant::pidf:x", "/pidf:presence/..", "/pidf:presence/text()",
            "/pidf:presence/node()",
            "/pidf:x[(.='1')]", "/pidf:x[.=pidf:y]", "/pidf:x[.='1' xor .='2']", "/pidf:x[.=1e9]", "/pidf:x[.=$v]",
            "/pidf:x[@*='1']", "document('http://example.com')",
            "//*[\(Array(repeating: ".='1'", count: 17).joined(separator: " or "))]",
            String(repeating: "/*", count: 33), "//pidf:\(String(repeating: "x", count: 1024))",
        ])
    func foreignExpressions(expression: String) {
        let escaped = XMLWriter.escaped(expression)
        #expect(throws: FilterError.self) { try Fixtures.filter("<what><include>\(escaped)</include></what>") }
    }

    @Test("Filters for another package, and bodies that are none")
    func otherBodies() {
        var set = FilterSet()
        #expect(throws: FilterError.self) {
            try take("<filter id='1'>\(Self.what)</filter>", into: &set, package: " package='dialog'")
        }
        for body in ["", "<x/>", "<filter-set", "<filter-set/>"] {
            #expect(throws: FilterError.self) {
                try set.take(Array(body.utf8), for: Self.friends, package: "presence")
            }
        }
    }

    @Test("Nothing that comes from outside stops a notifier", arguments: 0..<10 as Range<UInt64>)
    func mutation(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let body = Fixtures.filters(
            "<filter id='1'><what><include>//pidf:tuple[rpid:class='IM' or pidf:contact/@priority&lt;0.5]</include>"
                + "<exclude>//pidf:note</exclude><include type='namespace'>urn:x</include></what>"
                + "<trigger><changed from='a' to='b'>//pidf:basic</changed><added>/*/*/@id</added></trigger></filter>")
        let document = try Fixtures.parse(Fixtures.presence)
        var outcomes = (taken: 0, refused: 0)
        for _ in 0..<400 {
            var set = FilterSet()
            do {
                try set.take(body.mutated(&random), for: Fixtures.ada, package: "presence")
            } catch {
                outcomes.refused += 1
                continue
            }
            outcomes.taken += 1
            let changed = Array(Fixtures.presence.utf8).mutated(&random)
            guard let filter = set.filter(for: Fixtures.ada, requested: Fixtures.ada) else { continue }
            let other = (try? XMLDocument(parsing: changed).root) ?? document
            _ = filter.isTriggered(from: document, to: other)
            if let filtered = filter.content(of: other, .presence) {
                _ = try XMLDocument(parsing: XMLDocument(root: filtered).serialized)
            }
        }
        #expect(outcomes.taken > 0)
        #expect(outcomes.refused > 5)
    }
}
