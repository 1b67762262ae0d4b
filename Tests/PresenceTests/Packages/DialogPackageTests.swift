import Primitives
import Testing
import XMLTree

@testable import Presence

@Suite("Dialog information")
struct DialogPackageTests {
    @Test("What phones publish is taken apart")
    func parsing() throws {
        let early = try #require(try DialogFixtures.state(DialogFixtures.yealink).dialogs.first)
        #expect(early.id == "16")
        #expect(early.callID == "c1@192.0.2.4")
        #expect([early.localTag, early.remoteTag] == ["lt", "rt"])
        #expect(early.direction == .recipient)
        #expect(early.state == .early)
        #expect(early.remote?.identity == DialogIdentity(uri: "sip:bob@example.org", displayName: "Bob & Co"))
        #expect(early.local?.target?.parameters.first?.name == "+sip.rendering")

        let proceeding = try #require(try DialogFixtures.state(DialogFixtures.polycom).dialogs.first)
        #expect(proceeding.state == .proceeding)
        #expect(proceeding.code == 180)
        #expect(!proceeding.isWhole)
        #expect(proceeding.extensions.map(\.name.local) == ["appearance"])
        #expect(proceeding.local?.extensions.map(\.text) == ["1"])

        let ended = try #require(try DialogFixtures.state(DialogFixtures.snom).dialogs.first)
        #expect(ended.state == .terminated)
        #expect(ended.event == .remoteBye)
        #expect(ended.replaces == DialogReference(callID: "old", localTag: "x", remoteTag: "y"))
        #expect(ended.referredBy?.displayName == "Carol")
        #expect(ended.routeSet == ["<sip:192.0.2.1;lr>"])
    }

    @Test(
        "What lacks what a dialog must have is refused",
        arguments: [
            "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\"/>", "no XML",
            DialogFixtures.document("<dialog><state>early</state></dialog>"),
            DialogFixtures.document("<dialog id=\"1\"/>"),
            DialogFixtures.document("<dialog id=\"1\"><state>ringing</state></dialog>"),
            DialogFixtures.document(
                "<dialog id=\"1\"><state>early</state></dialog><dialog id=\"1\"><state>early</state></dialog>"),
            DialogFixtures.document(
                (0...DialogInformation.maximumDialogs).map { "<dialog id=\"\($0)\"><state>early</state></dialog>" }
                    .joined()),
        ])
    func refusal(text: String) {
        #expect(throws: EventStateError.self) { try DialogFixtures.state(text) }
    }

    @Test("A partial document stands for all that its phone has")
    func partial() throws {
        let text = try DialogFixtures.composed([DialogFixtures.yealink])
        #expect(text.contains("state=\"full\""))
        #expect(text.contains("call-id=\"c1@192.0.2.4\""))
    }

    @Test("The entity is the address of record, whatever phones write")
    func entity() throws {
        let text = try DialogFixtures.composed([DialogFixtures.yealink])
        #expect(text.contains("version=\"0\" state=\"full\" entity=\"sip:alice@example.org\""))
        #expect(!text.contains("192.0.2.4:5060\">\n"))
    }

    @Test("What is composed reads again as the same, extensions included")
    func roundTrip() throws {
        let all = [DialogFixtures.yealink, DialogFixtures.polycom, DialogFixtures.snom]
        let text = try DialogFixtures.composed(all)
        #expect(text.contains("<x:appearance") && text.contains("kind=\"x:shared\""))
        #expect(try DialogFixtures.composed([text]) == text)
        #expect(try DialogFixtures.state(text).dialogs.map(\.id) == ["16", "2", "3c"])
    }

    @Test("Where there is no dialog, one that ended and says nothing stands")
    func idle() throws {
        let text = try DialogFixtures.composed([])
        #expect(text.contains("<dialog id=\"idle\"><state>terminated</state></dialog>"))
        #expect(try DialogFixtures.composed([DialogFixtures.document("")]) == text)
        #expect(try DialogFixtures.composed([text]) == text)
        let busy = try DialogFixtures.composed([text, DialogFixtures.dialog("confirmed")])
        #expect(!busy.contains("idle"))
    }

    @Test("The version is spliced in and nothing else changes")
    func version() throws {
        let document = DialogPackage.document(of: DialogFixtures.alice, from: [])
        for version: UInt32 in [0, 9, 10, .max] {
            let numbered = DialogPackage.document(document, version: version)
            #expect(String(decoding: numbered, as: UTF8.self).contains(" version=\"\(version)\" state=\"full\""))
            #expect(DialogPackage.document(numbered, version: 0) == document)
        }
        #expect(DialogPackage.document(Array("<other/>".utf8), version: 3) == Array("<other/>".utf8))
    }

    @Test("Without permission for everything only states and directions are left")
    func privacy() throws {
        let whole = try DialogFixtures.composed([
            DialogFixtures.yealink, DialogFixtures.polycom, DialogFixtures.snom,
        ])
        let shown = try #require(
            DialogPackage.document(Array(whole.utf8), permittedBy: PresencePermissions.nothing))
        let text = String(decoding: shown, as: UTF8.self)
        for secret in ["bob", "Bob", "c1@", "lt", "rt", "192.0.2", "carol", "old", "appearance", "line", "event"] {
            #expect(!text.contains(secret), "\(secret) is shown")
        }
        #expect(
            text.contains(
                "<dialog id=\"1\" direction=\"recipient\"><state>early</state></dialog>"
                    + "<dialog id=\"2\" direction=\"initiator\"><state>proceeding</state></dialog>"
                    + "<dialog id=\"3\" direction=\"initiator\"><state>terminated</state></dialog>"))
        #expect(text.contains("entity=\"sip:alice@example.org\""))
        #expect(DialogPackage.document(Array(whole.utf8), permittedBy: .everything) == Array(whole.utf8))
    }

    @Test("Who may see little can't tell a user without dialogs from one who hides them")
    func politeness() {
        let hidden = DialogPackage.document(of: DialogFixtures.alice, from: [])
        #expect(DialogPackage.document(hidden, permittedBy: .nothing) == hidden)
    }

    @Test("What is written is valid", .enabled(if: PresenceFixtures.schema != nil))
    func schema() throws {
        let whole = try DialogFixtures.composed([
            DialogFixtures.yealink, DialogFixtures.polycom, DialogFixtures.snom,
        ])
        // The schema of RFC 4235 §4.4 names the attribute otherwise than its text and examples do.
        let renamed = whole.replacing(" display=\"", with: " display-name=\"")
        #expect(try PresenceFixtures.schemaComplaints(about: Array(renamed.utf8)) == "")
        let shown = try #require(DialogPackage.document(Array(whole.utf8), permittedBy: .nothing))
        #expect(try PresenceFixtures.schemaComplaints(about: shown) == "")
        #expect(
            try PresenceFixtures.schemaComplaints(
                about: DialogPackage.document(of: DialogFixtures.alice, from: [])) == "")
    }
}
