import Testing
import XMLTree

@testable import XCAP

/// Node selectors (RFC 4825 §6.3 and §6.4).
struct NodeSelectorTests {
    private static let watchers = """
        <?xml version="1.0"?>
        <watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo"
                     version="0" state="full">
          <watcher-list resource="sip:professor@example.net"
                        package="presence">
            <watcher status="active"
                     id="8ajksjda7s"
                     duration-subscribed="509"
                     event="approved">sip:userA@example.net</watcher>
            <watcher status="pending"
                     id="hh8juja87s997-ass7"
                     display-name="Mr. Subscriber"
                     event="subscribe">sip:userB@example.org</watcher>
          </watcher-list>
        </watcherinfo>
        """

    private static let namespaces = """
        <?xml version="1.0"?>
        <foo xmlns="urn:test:default-namespace">
          <ns1:bar xmlns:ns1="urn:test:namespace1-uri"
                   xmlns="urn:test:namespace1-uri">
            <baz/>
            <ns2:baz xmlns:ns2="urn:test:namespace2-uri"/>
          </ns1:bar>
          <ns3:hi xmlns:ns3="urn:test:namespace3-uri">
            <there/>
          </ns3:hi>
        </foo>
        """

    @Test func theWatcherOfTheStandard() {
        var fixture = XCAPFixture(Self.watchers, defaultNamespace: "urn:ietf:params:xml:ns:watcherinfo")
        let response = fixture.get("watcherinfo/watcher-list/watcher%5B@id=%228ajksjda7s%22%5D")
        #expect(response.status == 200)
        #expect(response.contentType == "application/xcap-el+xml")
        #expect(response.text.hasPrefix("<watcher status=\"active\"\n"))
        #expect(response.text.hasSuffix("event=\"approved\">sip:userA@example.net</watcher>"))
    }

    @Test(arguments: [
        ("foo/a:bar/b:baz?xmlns(a=urn:test:namespace1-uri)xmlns(b=urn:test:namespace1-uri)", "<baz/>"),
        (
            "foo/a:bar/b:baz?xmlns(a=urn:test:namespace1-uri)xmlns(b=urn:test:namespace2-uri)",
            "<ns2:baz xmlns:ns2=\"urn:test:namespace2-uri\"/>"
        ),
        (
            "d:foo/a:bar/b:baz?xmlns(a=urn:test:namespace1-uri)xmlns(b=urn:test:namespace2-uri)"
                + "xmlns(d=urn:test:default-namespace)", "<ns2:baz xmlns:ns2=\"urn:test:namespace2-uri\"/>"
        ),
        ("foo/*%5B1%5D/*%5B2%5D", "<ns2:baz xmlns:ns2=\"urn:test:namespace2-uri\"/>"),
        ("foo/a:hi/there?xmlns(a=urn:test:namespace3-uri)", "<there/>"),
    ])
    func theNamespacesOfTheStandard(_ node: String, _ selected: String) {
        var fixture = XCAPFixture(Self.namespaces, defaultNamespace: "urn:test:default-namespace")
        let response = fixture.get(node)
        #expect(response.status == 200)
        #expect(response.text == selected)
    }

    /// RFC 4825 §10, where the standard's example misspells a namespace and leaves out `ns1` of nothing else.
    @Test(arguments: [
        (
            "df:foo/df2:bar/df2:baz/namespace::*"
                + "?xmlns(df=urn:test:default-namespace)xmlns(df2=urn:test:namespace1-uri)",
            "<baz xmlns=\"urn:test:namespace1-uri\" xmlns:ns1=\"urn:test:namespace1-uri\"/>"
        ),
        (
            "foo/h:hi/namespace::*?xmlns(h=urn:test:namespace3-uri)",
            "<ns3:hi xmlns=\"urn:test:default-namespace\" xmlns:ns3=\"urn:test:namespace3-uri\"/>"
        ),
        ("foo/namespace::*", "<foo xmlns=\"urn:test:default-namespace\"/>"),
    ])
    func bindingsInScope(_ node: String, _ bindings: String) {
        var fixture = XCAPFixture(Self.namespaces, defaultNamespace: "urn:test:default-namespace")
        let response = fixture.get(node)
        #expect(response.status == 200)
        #expect(response.contentType == "application/xcap-ns+xml")
        #expect(response.entityTag == fixture.tag())
        #expect(response.text == bindings)
    }

    private static let document = """
        <r xmlns:p='u:p' a='0'><i n='1' p:n='2'>A</i><i n="2">B</i><j n='1' q='"/&amp;&#233;'>C</j><p:i>D</p:i></r>
        """

    @Test(arguments: [
        ("r/i[1]", "A"), ("r/i[2]", "B"), ("r/*[2]", "B"), ("r/*[3]", "C"), ("r/j", "C"), ("r/i[@n=\"2\"]", "B"),
        ("r/i[@n='2']", "B"), ("r/*[4]", "D"), ("r/i[1][@n='1']", "A"), ("*/j", "C"), ("r[1]/j[1]", "C"),
        ("r/p:i?xmlns(p=u:p)", "D"), ("r/i[@x:n='2']?xmlns(x=u:p)", "A"), ("r/*[@q='&quot;/&amp;é']", "C"),
        ("r/j[@q='&#34;/&#x26;&#xE9;']", "C"), ("r/i[000000002]", "B"), ("r/q:i?foo(x)xmlns(q=u:p)", "D"),
        ("r/q:i?xmlns(q=u:x) xmlns( q = u:p)", "D"), ("r/q:i?%0Axmlns(q%0D%0A=%09u:p)%0D", "D"),
        ("r/q:i?foo(a(b)c^(^)^^)xmlns(q=u:p)", "D"),
    ])
    func selects(_ node: String, _ text: String) throws {
        var fixture = XCAPFixture(Self.document)
        let response = fixture.get(node)
        #expect(response.status == 200)
        #expect(response.text.contains(">\(text)</"))
    }

    /// Of the attribute that is selected, or nil when there is none.
    @Test(arguments: [
        ("r/@a", "'0'"), ("r/i[2]/@n", "\"2\""), ("r/i[1]/@x:n?xmlns(x=u:p)", "'2'"), ("r/j/@q", "'\"/&amp;&#233;'"),
        ("r/@b", nil), ("r/i/@n", nil), ("r/i[1]/@xmlns", nil), ("r/@xml:lang", nil), ("r/p:i/@n?xmlns(p=u:p)", nil),
    ])
    func selectsAttributes(_ node: String, _ literal: String?) {
        var fixture = XCAPFixture(Self.document)
        let response = fixture.get(node)
        #expect(response.status == (literal == nil ? 404 : 200))
        #expect(response.text == literal ?? "")
        #expect(response.contentType == (literal == nil ? nil : "application/xcap-att+xml"))
    }

    @Test(arguments: [
        // No match, or several.
        "x", "r/k", "r/i", "r/*", "r/i[3]", "r/i[0]", "r/*[@n='1']", "r/i[2][@n='1']", "r/i[@n='3']", "r/p", "i",
        "r/i[@p='1']", "r/*[@xmlns='u:p']",
        // Nothing that the grammar of steps knows: an extension that this server does not understand.
        "", "r/", "/r", "r//i", "r/i[", "r/i[]", "r/i[1", "r/i[-1]", "r/i[+1]", "r/i[1][2]", "r/i[@n='1'][1]",
        "r/i[@n=1]", "r/i[@n]", "r/i[@n='1]", "r/i[@n='<']", "r/i[@n='&']", "r/i[@n='&x;']", "r/i[@n='&#0;']", "@a",
        "r/@", "r/@a/b", "r/namespace::*/i", "namespace::*", "r/text()", "r/child::i", "r/1", "r/-a", "r/a:b:c",
        "r/:a", "r/a:", "r/i[1234567890]", "r/i[@n='1']x", "r/i [1]", "r/..", "r/i[last()]", "r/i[@n='\u{1}']",
    ])
    func findsNothing(_ node: String) {
        var fixture = XCAPFixture(Self.document)
        #expect(fixture.get(node).status == 404)
    }

    @Test(arguments: [
        "r/y:i", "r/i[@y:n='1']", "r/@y:n", "y:r?xmlns(x=u)", "r/xmlns:i", "r/%", "r/%FF", "r/q:i?xmlns(q",
        "r?xmlns()", "r?xmlns(a)", "r?xmlns(=u)", "r?x", "r?(x)", "r?xmlns(a=^b)", "r?xmlns(a=(b)", "r?%FF", "r?1(x)",
        "r/q:i?xmlns(Q=u:p)", "r/xmlns:i?xmlns(xmlns=u)",
    ])
    func badRequests(_ node: String) {
        var fixture = XCAPFixture(Self.document)
        #expect(fixture.get(node).status == 400)
        #expect(fixture.put(element: "<i/>", at: node).status == 400)
        #expect(fixture.delete(node).status == 400)
        #expect(fixture.text() == Self.document)
    }

    /// An extension that the server does not understand is a 404 for every method (RFC 4825 §8).
    @Test(arguments: ["r/text()", "r/i[last()]/k", "r/k[@n]", "@a", "r/@a/@b", ""])
    func extensionsAreUnknownToEveryMethod(_ node: String) {
        var fixture = XCAPFixture(Self.document)
        #expect(fixture.put(element: "<k/>", at: node).status == 404)
        #expect(fixture.put(attribute: "'1'", at: node).status == 404)
        #expect(fixture.delete(node).status == 404)
        #expect(fixture.text() == Self.document)
    }

    /// The HTTP server leaves the content out and tells its length.
    @Test func headIsAnsweredAsGet() {
        var fixture = XCAPFixture(Self.document)
        for node in ["r/j", "r/@a", "r/namespace::*"] {
            let path = "\(XCAPFixture.document)/~~/\(node)"
            let response = fixture.send(.get, path)
            #expect(!response.body.isEmpty)
            #expect(fixture.send(.head, path) == response)
        }
    }

    @Test func depthIsBounded() {
        var fixture = XCAPFixture("<a/>")
        let path = { (count: Int) in Array(repeating: "a", count: count).joined(separator: "/") }
        #expect(fixture.get(path(64)).status == 404)
        #expect(fixture.get(path(65)).status == 414)
        #expect(fixture.get(path(65) + "/@a").status == 414)
        #expect(fixture.get(String(repeating: "a", count: 9000)).status == 414)
    }
}
