import Primitives
import Testing
import XCAP

/// Who is in the lists that rules refer to.
struct ListMemberTests {
    private let server = XCAPServer(root: XCAPRoot("https://xcap.example.org/xcap")!) { $0 }
    private let alice = AddressOfRecord(user: "alice", host: "example.org")!

    private static let document = """
        <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">\
        <list name="friends"><entry uri="sip:bob@example.org"/><entry uri="tel:+1"/>\
        <list name="close"><entry uri="sip:carol@Example.org"/></list></list>\
        <list name="all"><entry-ref ref="resource-lists/users/sip:alice@example.org/index/~~/x"/></list>\
        </resource-lists>
        """

    private func members(_ list: String, of user: String = "alice", scheme: String = "https") -> [String]? {
        let uri =
            "\(scheme)://other.example.org/xcap/resource-lists/users/sip:\(user)@example.org/index/~~/resource-lists/\(list)"
        return server.members(ofListAt: uri, of: alice) { selector in
            selector.path == ["index"] ? Array(Self.document.utf8) : nil
        }.map { $0.sorted().map(\.description) }
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
        #expect(members("list%5B1%5D", of: "bob") == nil)
        #expect(members("list%5B1%5D", scheme: "sip") == nil)
    }
}
