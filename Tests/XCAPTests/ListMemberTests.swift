import Primitives
import Testing
import XCAP
import XMLTree

/// Who is in the lists that rules refer to.
struct ListMemberTests {
    private let alice = AddressOfRecord(user: "alice", host: "example.org")!

    private static let document = """
        <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">\
        <list name="friends"><entry uri="sip:bob@example.org"/><entry uri="tel:+1"/>\
        <list name="close"><entry uri="sip:carol@Example.org"/></list></list>\
        <list name="all"><entry-ref ref="resource-lists/users/sip:alice@example.org/index/~~/x"/></list>\
        </resource-lists>
        """

    private func members(
        _ list: String, root: String = "https://other.example.org/xcap", in auid: String = "resource-lists"
    ) -> [String]? {
        let uri = "\(root)/\(auid)/users/sip:alice@example.org/index/~~/resource-lists/\(list)"
        guard let location = ListLocation(uri: uri), let document = SelectableDocument(Array(Self.document.utf8)) else {
            return nil
        }
        #expect(location.document.owner == alice)
        return location.members(in: document)?.sorted().map(\.description)
    }

    @Test func entriesOfListsWithinCount() {
        #expect(members("list%5B@name=%22friends%22%5D") == ["bob@example.org", "carol@example.org"])
        #expect(members("list%5B1%5D/list") == ["carol@example.org"])
    }

    @Test func whatNobodyCanTellIsNoList() {
        #expect(members("list%5B@name=%22all%22%5D") == nil)
        #expect(members("list%5B@name=%22absent%22%5D") == nil)
        #expect(members("list%5B1%5D/entry%5B1%5D") == nil)
        #expect(members("list%5B1%5D/@name") == nil)
        #expect(members("list%5B1%5D", root: "sip://example.org/xcap") == nil)
        #expect(members("list%5B1%5D", root: "/xcap") == nil)
        #expect(members("list%5B1%5D", in: "rls-services") == nil)
    }

    /// Each gateway has its own root, and all have the same documents.
    @Test(arguments: [
        "https://xcap.example.org", "http://192.0.2.1:8080/xcap-root", "HTTPS://proxy.example.org/a/users/global/b",
        "http://example.org/resource-lists",
    ])
    func theRootDoesNotCount(_ root: String) {
        #expect(members("list%5B1%5D/list", root: root) == ["carol@example.org"])
        #expect(members("list%5B1%5D/list", root: root, in: "resource%2Dlists") == ["carol@example.org"])
    }

    @Test func aReferenceToAnEntryIsAPath() {
        let path = "resource-lists/users/sip:alice@example.org/index/~~/resource-lists/list%5B1%5D/entry%5B2%5D"
        let document = SelectableDocument(Array(Self.document.utf8))!
        #expect(ListLocation(path: path)?.element(in: document)?[attribute: XMLName("uri")] == "tel:+1")
        for other in ["", "https://example.org/\(path)", "resource-lists/global/index/~~/a", "~~/\(path)"] {
            #expect(ListLocation(path: other) == nil, "\(other)")
        }
        // The separator ends the document's part: what looks like a tree behind it is no document.
        #expect(ListLocation(uri: "https://example.org/~~/\(path)") == nil)
    }
}
