import Primitives
import Testing

@testable import XCAP

/// Which documents a list of URIs selects (RFC 5875 §4.4, §4.6).
struct ChangeSelectionTests {
    private let root = XCAPRoot("https://xcap.example.com/xcap")!

    private func document(_ path: String) throws -> DocumentSelector { try RequestURI(path: path, query: nil).document }

    @Test(arguments: [
        "resource-lists/users/sip:joe@example.com/index", "resource-lists/users/joe@EXAMPLE.com/index",
        "resource-lists/users/sip%3Ajoe@example.com/index", "/xcap/resource-lists/users/sip:joe@example.com/index",
        "https://xcap.example.com/xcap/resource-lists/users/sip:joe@example.com/index",
    ])
    func aDocumentIsNamedAsItWasAskedFor(_ uri: String) throws {
        let selection = try #require(ChangeSelection(uri, root: root))
        let name = try selection.name(of: document("resource-lists/users/sip:joe@example.com/index"))
        #expect(name == uri)
        #expect(try selection.name(of: document("resource-lists/users/sip:joe@example.com/other")) == nil)
        #expect(try selection.name(of: document("resource-lists/users/sip:ann@example.com/index")) == nil)
        #expect(try selection.name(of: document("rls-services/users/sip:joe@example.com/index")) == nil)
    }

    @Test(
        arguments: [
            ("pidf-manipulation/", true, true, true),
            ("pidf-manipulation/users/sip:joe@example.com/", false, true, true),
            ("pidf-manipulation/users/sip:joe@example.com/a/", false, false, true),
            ("pidf-manipulation/global/", true, false, false), ("other/", false, false, false),
        ] as [(String, Bool, Bool, Bool)])
    func aCollectionHoldsAllBelowIt(_ uri: String, _ isGlobal: Bool, _ isAtHome: Bool, _ isDeeper: Bool) throws {
        let selection = try #require(ChangeSelection(uri, root: root))
        for (path, isIn) in [
            ("pidf-manipulation/global/index", isGlobal),
            ("pidf-manipulation/users/sip:joe@example.com/index", isAtHome),
            ("pidf-manipulation/users/sip:joe@example.com/a/index", isDeeper),
        ] {
            #expect(try selection.name(of: document(path)) == (isIn ? path : nil))
        }
    }

    @Test(arguments: [
        "", "/", "a", "a/users/", "a/users", "a/elsewhere/", "a//", "a/users/nobody/", "/a/global/index",
        "https://xcap.example.com/other/a/global/index", "a/global/index/~~", "a/global/~~/", "a/global/../",
        "a/global/index?x=1", "https://xcap.example.com/xcap/a/global/index?x=1", "a/global/%ff",
    ])
    func whatSelectsNoDocuments(_ uri: String) {
        #expect(ChangeSelection(uri, root: root) == nil)
    }

    @Test(
        arguments: [
            ("list/@name", "attribute friends"), ("list%5b1%5d/entry%5B@uri=%22sip:a@b.example%22%5D", "element entry"),
            ("list/entry%5B3%5D", ""), ("list/namespace::*", ""), ("list/@none", ""),
            ("l:list/l:entry%5b2%5d/@uri?xmlns(l=urn:ietf:params:xml:ns:resource-lists)", "attribute sip:c@b.example"),
            ("l:list?xmlns(l=urn:other)", ""), ("list/entry", ""),
        ])
    func anElementOrAttributeIsShownAsItIs(_ node: String, _ expected: String) throws {
        let server = XCAPServer(root: root, digest: { $0 })
        let uri = "resource-lists/users/sip:joe@example.com/index/~~/resource-lists/\(node)"
        let selection = try #require(ChangeSelection(uri, root: root))
        let index = try document("resource-lists/users/sip:joe@example.com/index")
        #expect(selection.documentOfComponent == index)
        #expect(selection.name(of: index) == nil)
        #expect(selection.uri == uri)
        let bytes = Array(
            #"<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="friends"><entry uri="sip:a@b.example"/><entry uri="sip:c@b.example"/></list></resource-lists>"#
                .utf8)
        let tree = try #require(SelectableDocument(bytes))
        let shown =
            switch server.component(selection, in: tree) {
            case .element(let element)?: "element \(element.name.local)"
            case .attribute(let value)?: "attribute \(value)"
            case nil: ""
            }
        #expect(shown == expected)
    }

    @Test func theRootOfAHost() throws {
        let selection = try #require(ChangeSelection("/a/global/index", root: XCAPRoot("http://xcap.example.com/")!))
        #expect(try selection.name(of: document("a/global/index")) == "/a/global/index")
    }
}
