import Presence
import Primitives
import SIPMessages
import Testing
import XMLTree

@Suite("The bodies of list notifications")
struct ListNotificationTests {
    private static let bob = ListMember(uri: "sip:bob@example.org", displayName: DisplayName("Bob", language: "en"))
    private static let dave = ListMember(uri: "sip:dave@example.org")
    private static let ed = ListMember(uri: "sip:ed@example.org")

    private static func notification(_ states: [UInt8] = Array("<a/>".utf8)) -> ListNotification {
        var notification = ListNotification(
            RLMI(uri: "sip:friends@example.org", version: 7, isFull: true, names: [DisplayName("Friends")]),
            prefix: "t", domain: "example.org")
        notification.append(bob, .active, document: states, type: "application/pidf+xml")
        notification.append(dave, .terminated(reason: "rejected"), document: [], type: "application/pidf+xml")
        notification.append(ed)
        return notification
    }

    @Test("Meta-information is written as RFC 4662 has it, and read back")
    func metaInformation() throws {
        let rlmi = RLMI(
            uri: "sip:friends@example.org", version: 7, isFull: false, names: [DisplayName("F & co", language: "en")],
            resources: [
                RLMIResource(
                    uri: "sip:bob@example.org;a=\"1\"", names: [DisplayName("Bob")],
                    instances: [RLMIInstance(id: "1", state: .active, contentID: "t-1@h")]),
                RLMIResource(uri: "sip:ed@h", instances: [RLMIInstance(id: "1", state: .pending)]),
                RLMIResource(
                    uri: "sip:dave@h", instances: [RLMIInstance(id: "1", state: .terminated(reason: "noresource"))]),
                RLMIResource(uri: "sip:x@h"),
            ])
        let text = String(decoding: rlmi.document, as: UTF8.self)
        #expect(
            text == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<list xmlns=\"urn:ietf:params:xml:ns:rlmi\" uri=\"sip:friends@example.org\" version=\"7\" "
                + "fullState=\"false\"><name xml:lang=\"en\">F &amp; co</name>"
                + "<resource uri=\"sip:bob@example.org;a=&quot;1&quot;\"><name>Bob</name>"
                + "<instance id=\"1\" state=\"active\" cid=\"t-1@h\"/></resource>"
                + "<resource uri=\"sip:ed@h\"><instance id=\"1\" state=\"pending\"/></resource>"
                + "<resource uri=\"sip:dave@h\"><instance id=\"1\" state=\"terminated\" reason=\"noresource\"/></resource>"
                + "<resource uri=\"sip:x@h\"/></list>")
        #expect(RLMI(parsing: rlmi.document) == rlmi)
    }

    @Test(
        "Meta-information that breaks a rule is none",
        arguments: [
            "<list uri='u' version='-1' fullState='true'/>", "<list uri='u' version='4294967296' fullState='true'/>",
            "<list version='1' fullState='true'/>", "<list uri='u' version='1' fullState='yes'/>",
            "<list uri='u' version='1' fullState='1'><resource/></list>", "<lists uri='u' version='1' fullState='1'/>",
            instance("id='1'"), instance("state='pending'"), instance("id='1' state='active'"),
            instance("id='1' state='terminated'"), instance("id='1' state='waiting'"),
        ])
    func broken(text: String) {
        let document = text.replacing(" ", with: " xmlns='urn:ietf:params:xml:ns:rlmi' ", maxReplacements: 1)
        #expect(RLMI(parsing: Array(document.utf8)) == nil)
        #expect(RLMI(parsing: Array(Self.list("<resource uri='a'/>").utf8)) != nil)
    }

    private static func instance(_ attributes: String) -> String {
        "<list uri='u' version='1' fullState='1'><resource uri='a'><instance \(attributes)/></resource></list>"
    }

    private static func list(_ inner: String) -> String {
        "<list xmlns='urn:ietf:params:xml:ns:rlmi' uri='u' version='1' fullState='1'>\(inner)</list>"
    }

    @Test(
        "Documents are valid against the schema of RFC 4662",
        .enabled(if: PresenceFixtures.schema != nil, "there are no schemas beside the repository"))
    func schema() throws {
        var random = RandomSource(seed: 1)
        let (type, body) = Self.notification().encoded(&random)
        let boundary = try #require(try MediaType(HeaderText(type)).parameters["boundary"])
        let parts = try MultipartBody(parsing: body[...], boundary: boundary).parts
        #expect(try PresenceFixtures.schemaComplaints(about: parts[0].content) == "")
    }

    @Test("A body is its root and a part for each state, byte for byte")
    func bytes() throws {
        var random = RandomSource(seed: 1)
        let (type, body) = Self.notification().encoded(&random)
        let boundary = try #require(try MediaType(HeaderText(type)).parameters["boundary"])
        #expect(
            type == "multipart/related;type=\"application/rlmi+xml\";start=\"<t-0@example.org>\";"
                + "boundary=\(boundary)")
        let rlmi = RLMI(
            uri: "sip:friends@example.org", version: 7, isFull: true, names: [DisplayName("Friends")],
            resources: [
                RLMIResource(
                    uri: Self.bob.uri, names: [DisplayName("Bob", language: "en")],
                    instances: [RLMIInstance(id: "1", state: .active, contentID: "t-1@example.org")]),
                RLMIResource(
                    uri: Self.dave.uri, instances: [RLMIInstance(id: "1", state: .terminated(reason: "rejected"))]),
                RLMIResource(uri: Self.ed.uri),
            ])
        let head = "Content-Transfer-Encoding: binary\r\nContent-ID:"
        let text =
            "--\(boundary)\r\n\(head) <t-0@example.org>\r\nContent-Type: application/rlmi+xml\r\n\r\n"
            + String(decoding: rlmi.document, as: UTF8.self)
            + "\r\n--\(boundary)\r\n\(head) <t-1@example.org>\r\nContent-Type: application/pidf+xml\r\n\r\n<a/>"
            + "\r\n--\(boundary)--\r\n"
        #expect(String(decoding: body, as: UTF8.self) == text)
    }

    @Test("The boundary occurs in no part, even if one holds what would have been it")
    func boundary() {
        var first = RandomSource(seed: 5)
        let guessed = MultipartBody(parts: []).boundary(from: &first)
        for part in [
            MultipartBody.Part(headers: [], content: Array("x\(guessed)x".utf8)),
            MultipartBody.Part(headers: [("Content-ID", "<\(guessed)@h>")], content: []),
        ] {
            var again = RandomSource(seed: 5)
            #expect(MultipartBody(parts: [part]).boundary(from: &again) != guessed)
        }
    }

    @Test("Parts are read back whatever line ends they hold, and around them nothing counts")
    func reading() throws {
        let parts = ["", "\r\n", "a\r\n", "--b x\n--bb\n", "x\n\n--bc--"].map {
            MultipartBody.Part(headers: [("Content-ID", "<1@h>"), ("X", "y")], content: Array($0.utf8))
        }
        let multipart = MultipartBody(parts: parts)
        #expect(try MultipartBody(parsing: multipart.serialized(boundary: "b")[...], boundary: "b") == multipart)
        let folded = "before\n--b  \nContent-Type: multipart/related;\n  type=x\n\nbody\n--b--\nbehind\n--b\n"
        let read = try MultipartBody(parsing: Array(folded.utf8)[...], boundary: "b").parts
        #expect(read.map { String(decoding: $0.content, as: UTF8.self) } == ["body"])
        #expect(read[0].contentType?.parameters["type"] == "x")
        #expect(read[0].contentID == nil)
        let bare = try MultipartBody(parsing: Array("--b\n\nx\n--b--".utf8)[...], boundary: "b").parts
        #expect(bare == [MultipartBody.Part(headers: [], content: [UInt8(ascii: "x")])])
    }

    @Test("What is cut off, too much or no multipart body at all is refused")
    func refused() {
        let headers = String(repeating: "A: b\n", count: 17)
        let many = String(repeating: "--b\n\n\n", count: 1_101) + "--b--"
        for text in ["", "--b\n\nx", "--b\n\nx\n--b", "--b\nno colon\n\n--b--", "--b\n\(headers)\n--b--", many] {
            #expect(throws: SIPParseError.self) {
                try MultipartBody(parsing: Array(text.utf8)[...], boundary: "b")
            }
        }
        for boundary in ["", String(repeating: "b", count: 71)] {
            let text = Array("--\(boundary)\n\n\n--\(boundary)--".utf8)
            #expect(throws: SIPParseError.self) { try MultipartBody(parsing: text[...], boundary: boundary) }
        }
    }

    @Test("Whatever is done to a body, reading it ends", arguments: 1...4 as ClosedRange<UInt64>)
    func mutations(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let (type, body) = Self.notification().encoded(&random)
        let boundary = try #require(try MediaType(HeaderText(type)).parameters["boundary"])
        var read = 0
        for _ in 0..<400 {
            guard let parts = try? MultipartBody(parsing: body.mutated(&random)[...], boundary: boundary).parts else {
                continue
            }
            read += parts.count { RLMI(parsing: $0.content) != nil }
        }
        #expect(read > 20)
    }
}
