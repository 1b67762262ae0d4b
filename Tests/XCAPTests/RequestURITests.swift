import Primitives
import Testing

@testable import XCAP

/// Request URIs below the root (RFC 4825 §6 to §6.2).
struct RequestURITests {
    @Test func theExampleOfTheStandard() throws {
        let uri = try RequestURI(path: "/resource-lists/users/sip:joe@example.com/index", query: nil)
        #expect(uri.document.auid == "resource-lists")
        #expect(uri.document.tree == .user(XCAPFixture.joe))
        #expect(uri.document.path == ["index"])
        #expect(uri.document.owner == XCAPFixture.joe)
        #expect(uri.node == nil)
        #expect(uri.document.description == "resource-lists/users/sip:joe@example.com/index")
    }

    @Test(arguments: [
        ("resource-lists/global/index", "resource-lists/global/index"),
        ("/a/users/joe@EXAMPLE.com/index", "a/users/sip:joe@example.com/index"),
        ("/a/users/SIP%3Ajoe%40example.com/index", "a/users/sip:joe@example.com/index"),
        ("/a/users/sip:j%2Fo%3Fe@example.com/b/c", "a/users/sip:j%2Fo%3Fe@example.com/b/c"),
        ("/%61/global/%C3%80%20x", "a/global/%C3%80%20x"), ("/a/global/~~~/~", "a/global/~~~/~"),
    ])
    func documentsAreFound(_ path: String, _ canonical: String) throws {
        let uri = try RequestURI(path: path, query: nil)
        #expect(uri.document.description == canonical)
        #expect(try RequestURI(path: canonical, query: nil).document == uri.document)
    }

    @Test(arguments: [
        ("/a/global/i/~~/x", "x"), ("/a/global/i/%7E%7e/x/y", "x/y"), ("/a/global/i/~~/x/~~/y", "x/~~/y"),
        ("/a/global/i/~%7E/%5B", "%5B"), ("/a/global/i/~~", ""), ("/a/global/i/~~/", ""),
    ])
    func theFirstSeparatorDivides(_ path: String, _ node: String) throws {
        #expect(try RequestURI(path: path, query: nil).node == node)
    }

    @Test(arguments: [
        "", "/", "a", "/a", "/a/global", "/a/global/", "/a/users/sip:joe@example.com", "/a/users/sip:joe@example.com/",
        "/a/other/i", "/a/Global/i", "/a/users/joe/i", "/a/users//i", "/a/global//i", "/a/global/./i", "/a/global/../i",
        "/a/global/%2e%2E", "//global/i", "/~~/a/global/i", "/a/users/sip:joe@example.com/~~/x", "/a/global/~~/x",
    ])
    func whatIsOutsideTheTreesIsUnknown(_ path: String) {
        #expect(throws: SelectorError.unknown) { try RequestURI(path: path, query: nil) }
    }

    @Test(arguments: ["/a/global/%", "/a/global/%4", "/a/global/%zz", "/a/global/%FF", "/%C3/global/i"])
    func brokenEscapesAreMalformed(_ path: String) {
        #expect {
            try RequestURI(path: path, query: nil)
        } throws: { error in
            if case SelectorError.malformed? = error as? SelectorError { true } else { false }
        }
    }

    @Test func sizesAreBounded() throws {
        let limits = XCAPLimits(uri: 40, segments: 2, document: .standard)
        _ = try RequestURI(path: "/a/global/b/c", query: nil, limits: limits)
        #expect(throws: SelectorError.tooLong) { try RequestURI(path: "/a/global/b/c/d", query: nil, limits: limits) }
        let path = "/a/global/" + String(repeating: "b", count: 20)
        _ = try RequestURI(path: path, query: "0123456789", limits: limits)
        #expect(throws: SelectorError.tooLong) { try RequestURI(path: path, query: "01234567890", limits: limits) }
    }

    @Test(arguments: [
        ("http://xcap.example.com", "", "http://xcap.example.com"), ("https://h:80/a/b/", "/a/b", "https://h:80/a/b"),
    ])
    func rootsAreRead(_ text: String, _ path: String, _ uri: String) throws {
        let root = try #require(XCAPRoot(text))
        #expect(root.path == path)
        #expect(root.uri == uri)
    }

    @Test(arguments: ["", "xcap.example.com", "/a", "ftp://h/", "http://", "http:///a", "http://h/?a"])
    func whatIsNoRootIsRefused(_ text: String) { #expect(XCAPRoot(text) == nil) }
}
