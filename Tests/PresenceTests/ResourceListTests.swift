import Presence
import Primitives
import Testing
import XMLTree

@Suite("Resource lists")
struct ResourceListTests {
    @Test("A document is read into its tree: names, entries, references and lists in lists, in order")
    func tree() throws {
        let list = try ListFixtures.parse(
            """
            <list name='friends'><display-name xml:lang='de'> Freunde </display-name>
              <entry uri='sip:bill@example.com'><display-name>Bill Doe</display-name><x:more/></entry>
              <entry-ref ref='resource-lists/users/a/index/~~/x'><display-name>Petri</display-name></entry-ref>
              <list name='close'><entry uri='sip:joe@example.com'/>
                <external anchor='http://xcap.example.org/m'><display-name>Marketing</display-name></external>
              </list><x:entry uri='sip:nobody@example.com'/></list>
            <list/>
            """)
        let close = ResourceList(
            name: "close",
            items: [
                .entry(ListMember(uri: "sip:joe@example.com")),
                .external("http://xcap.example.org/m", DisplayName("Marketing")),
            ])
        let friends = ResourceList(
            name: "friends", displayName: DisplayName("Freunde", language: "de"),
            items: [
                .entry(ListMember(uri: "sip:bill@example.com", displayName: DisplayName("Bill Doe"))),
                .entryReference("resource-lists/users/a/index/~~/x", DisplayName("Petri")), .list(close),
            ])
        #expect(list == ResourceList(items: [.list(friends), .list(ResourceList())]))
    }

    @Test("Names that are too long, and languages that are none, are left out")
    func names() throws {
        let long = String(repeating: "n", count: 257)
        let list = try ListFixtures.parse(
            "<list><display-name>\(long)</display-name><entry uri='sip:a@h'><display-name xml:lang='d e'>A"
                + "</display-name></entry></list>")
        let member = ListMember(uri: "sip:a@h", displayName: DisplayName("A"))
        #expect(list.items == [.list(ResourceList(items: [.entry(member)]))])
    }

    @Test(
        "What is no resource lists document is refused, and says why",
        arguments: [
            ("<a", "XML"), ("<list xmlns='urn:ietf:params:xml:ns:resource-lists'/>", "root"),
            ("<resource-lists/>", "root"), (ListFixtures.document("<list><entry/></list>"), "uri"),
            (ListFixtures.document("<list><entry uri=' '/></list>"), "uri"),
            (ListFixtures.document("<list><entry-ref/></list>"), "ref"),
            (ListFixtures.document("<list><list><external/></list></list>"), "anchor"),
            ("<!DOCTYPE a><resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'/>", "XML"),
        ])
    func refused(document: String, about: String) {
        do {
            _ = try ResourceList(parsing: Array(document.utf8))
            Issue.record("accepted")
        } catch {
            switch error {
            case .notXML: #expect(about == "XML")
            case .wrongRoot: #expect(about == "root")
            case .missing(let name): #expect(name.hasPrefix(about))
            case .tooLarge: #expect(Bool(false))
            }
        }
    }

    @Test("A thousand entries are read, one more is refused; so are seventeen lists in each other")
    func limits() throws {
        let uris = (0..<1_000).map { "sip:u\($0)@h" }
        let full = try ResourceList(parsing: Array(ListFixtures.flat(uris).utf8))
        #expect(FlatList(full).members.map(\.uri) == uris)
        #expect(throws: ResourceListsError.tooLarge) {
            try ResourceList(parsing: Array(ListFixtures.flat(uris + ["sip:more@h"]).utf8))
        }
        #expect(try ListFixtures.parse(Self.nested(16)).items.count == 1)
        #expect(throws: ResourceListsError.tooLarge) { try ListFixtures.parse(Self.nested(17)) }
    }

    private static func nested(_ depth: Int) -> String {
        String(repeating: "<list>", count: depth) + String(repeating: "</list>", count: depth)
    }

    @Test("Members come in order, each resource once, whichever way it is spelled, and only what can be subscribed to")
    func flattening() throws {
        let list = try ListFixtures.parse(
            """
            <list><entry uri='sip:b@example.org'><display-name>B</display-name></entry>
              <list><entry uri='sip:a@example.org'/><entry uri='sip:b@EXAMPLE.org'/></list>
              <entry uri='pres:a@example.org'/><entry uri='pres:c@example.org'/><entry uri='tel:+1'/>
              <entry uri='http://example.org'/><entry uri='sip:example.org'/><entry uri='nonsense'/>
              <entry uri='sip:\(String(repeating: "x", count: 600))@h'/></list>
            <list><entry uri='sips:c@example.org'/><entry uri='sip:d@example.org'/></list>
            """)
        let flat = FlatList(list)
        #expect(
            flat.members.map(\.uri)
                == [
                    "sip:b@example.org", "sip:a@example.org", "pres:c@example.org", "sip:example.org",
                    "sip:d@example.org",
                ])
        #expect(flat.members[0].displayName == DisplayName("B"))
        #expect(
            flat.members.map(\.presentity?.description)
                == ["b@example.org", "a@example.org", "c@example.org", nil, "d@example.org"])
        #expect(flat.unresolved.isEmpty)
        #expect(!flat.isCut)
    }

    @Test("References are asked for, and what they lead to takes their place")
    func references() throws {
        let list = try ListFixtures.parse(
            """
            <list><external anchor='http://h/1'/><entry uri='sip:z@h'/>
              <entry-ref ref='e'><display-name>Called</display-name></entry-ref><external anchor='http://h/1'/>
              <entry-ref ref='f'/></list>
            """)
        let first = FlatList(list)
        #expect(first.members.map(\.uri) == ["sip:z@h"])
        #expect(first.unresolved == [.list("http://h/1"), .entry("e"), .entry("f")])
        var known: [ListReference: ListReference.Target] = [
            .list("http://h/1"): .list(
                ResourceList(items: [.entry(ListMember(uri: "sip:a@h")), .external("http://h/2", nil)])),
            .entry("e"): .entry(ListMember(uri: "sip:e@h", displayName: DisplayName("Own"))),
            .entry("f"): .entry(ListMember(uri: "sip:f@h", displayName: DisplayName("Own"))),
        ]
        let second = FlatList(list, resolving: { known[$0] })
        #expect(second.members.map(\.uri) == ["sip:a@h", "sip:z@h", "sip:e@h", "sip:f@h"])
        #expect(second.members.map(\.displayName?.text) == [nil, nil, "Called", "Own"])
        #expect(second.unresolved == [.list("http://h/2")])
        // What a reference leads to must be what it refers to.
        known[.list("http://h/2")] = .entry(ListMember(uri: "sip:no@h"))
        #expect(FlatList(list, resolving: { known[$0] }).unresolved == [.list("http://h/2")])
    }

    @Test("Lists that contain each other come to an end")
    func cycles() {
        let resolved: [ListReference: ListReference.Target] = [
            .list("1"): .list(ResourceList(items: [.external("2", nil), .entry(ListMember(uri: "sip:a@h"))])),
            .list("2"): .list(ResourceList(items: [.external("1", nil), .entry(ListMember(uri: "sip:b@h"))])),
        ]
        let flat = FlatList(ResourceList(items: [.external("1", nil)]), resolving: { resolved[$0] })
        #expect(flat.members.map(\.uri) == ["sip:b@h", "sip:a@h"])
        #expect(!flat.isCut)
    }

    @Test("A chain of references is cut at a depth, and many large lists at a thousand members")
    func cuts() {
        var chain: [ListReference: ListReference.Target] = [:]
        for link in 0..<40 {
            chain[.list("\(link)")] = .list(
                ResourceList(items: [.entry(ListMember(uri: "sip:u\(link)@h")), .external("\(link + 1)", nil)]))
        }
        let deep = FlatList(ResourceList(items: [.external("0", nil)]), resolving: { chain[$0] })
        #expect(deep.isCut)
        #expect(deep.members.count == 16)

        var wide: [ListReference: ListReference.Target] = [:]
        for list in 0..<40 {
            let items = (0..<900).map { ResourceList.Item.entry(ListMember(uri: "sip:u\(list)-\($0)@h")) }
            wide[.list("\(list)")] = .list(ResourceList(items: items))
        }
        let large = FlatList(ResourceList(items: (0..<40).map { .external("\($0)", nil) }), resolving: { wide[$0] })
        #expect(large.isCut)
        #expect(large.members.count == 1_000)
    }

    @Test("Services name their URI, their list and their packages")
    func services() throws {
        let services = try RLSServices.parse(
            Array(
                ListFixtures.services(
                    """
                    <service uri='sip:mybuddies@example.com'><resource-list> http://x/l1 </resource-list>
                      <packages><package>presence</package><package> dialog </package></packages></service>
                    <service uri='sip:marketing@example.com'><list name='marketing'>
                      <rl:entry uri='sip:joe@example.com'/></list></service>
                    """
                ).utf8))
        let marketing = ResourceList(name: "marketing", items: [.entry(ListMember(uri: "sip:joe@example.com"))])
        #expect(
            services == [
                RLSService(
                    uri: "sip:mybuddies@example.com", source: .reference("http://x/l1"),
                    packages: ["presence", "dialog"]),
                RLSService(uri: "sip:marketing@example.com", source: .list(marketing)),
            ])
        #expect(FlatList(services[0].list).unresolved == [.list("http://x/l1")])
        #expect(FlatList(services[1].list).members.map(\.uri) == ["sip:joe@example.com"])
    }

    @Test("Services without a URI or a list are refused, and so are too many")
    func refusedServices() {
        let service = "<service uri='sip:a@h'><list/></service>"
        let packages = String(repeating: "<package>p</package>", count: 33)
        for (inner, error) in [
            ("<service><list/></service>", ResourceListsError.missing("uri of service")),
            ("<service uri='sip:a@h'/>", .missing("a list")),
            (String(repeating: service, count: 65), .tooLarge),
            ("<service uri='sip:a@h'><list/><packages>\(packages)</packages></service>", .tooLarge),
        ] {
            #expect(throws: error) { try RLSServices.parse(Array(ListFixtures.services(inner).utf8)) }
        }
        #expect(throws: ResourceListsError.wrongRoot) {
            try RLSServices.parse(Array(ListFixtures.document("").utf8))
        }
    }

    @Test("Whatever is done to a document, reading and flattening it ends", arguments: 1...8 as ClosedRange<UInt64>)
    func mutations(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let lists = Array(
            ListFixtures.document(
                "<list name='a'><display-name xml:lang='en'>A</display-name><entry uri='sip:a@h'/><list>"
                    + "<external anchor='http://h/1'/></list><entry-ref ref='r'/></list>"
            ).utf8)
        let services = Array(
            ListFixtures.services(
                "<service uri='sip:a@h'><list><rl:entry uri='sip:b@h'/></list><packages><package>presence</package>"
                    + "</packages></service>"
            ).utf8)
        var read = 0
        for _ in 0..<1_000 {
            let list = try? ResourceList(parsing: lists.mutated(&random))
            if let list, FlatList(list).members.count <= 4 { read += 1 }
            if let all = try? RLSServices.parse(services.mutated(&random)) {
                read += all.map { FlatList($0.list).members.count }.reduce(0, +)
            }
        }
        #expect(read > 5)
    }
}
