import Primitives
import Testing

@testable import Presence

@Suite("Dialogs of several sources")
struct DialogCompositionTests {
    private func dialogs(_ texts: [String]) throws -> [ObservedDialog] {
        try DialogFixtures.state(DialogFixtures.composed(texts)).dialogs
    }

    @Test("A dialog that two sources tell of is one, described by the fresher and completed by the other")
    func one() throws {
        let proxy = DialogFixtures.dialog(
            "early", id: "77", inner: "<remote><identity>sip:bob@example.org</identity></remote>")
        let phone = DialogFixtures.dialog(
            "early", id: "1", inner: "<remote><target uri=\"sip:bob@192.0.2.9\"/></remote>")
        let all = try dialogs([phone, proxy])
        #expect(all.map(\.id) == ["1"])
        #expect(all.first?.remote?.identity?.uri == "sip:bob@example.org")
        #expect(all.first?.remote?.target?.uri == "sip:bob@192.0.2.9")
    }

    @Test("The later state wins, whichever source is fresher", arguments: DialogState.allCases, DialogState.allCases)
    func order(first: DialogState, second: DialogState) throws {
        let all = try dialogs([
            DialogFixtures.dialog(first.rawValue), DialogFixtures.dialog(second.rawValue, id: "9"),
        ])
        #expect(all.map(\.state) == [max(first, second)])
    }

    @Test("Half a dialog is the whole one that it became")
    func half() throws {
        let trying = DialogFixtures.dialog("trying", remote: nil, direction: "initiator")
        let confirmed = DialogFixtures.dialog("confirmed", id: "2", direction: "initiator")
        #expect(try dialogs([trying, confirmed]).map(\.state) == [.confirmed])
        #expect(try dialogs([confirmed, trying]).map(\.state) == [.confirmed])
        let other = DialogFixtures.dialog("early", id: "3", remote: "r2", direction: "initiator")
        #expect(try dialogs([trying, confirmed, other]).map(\.state) == [.confirmed, .early])
    }

    @Test("Half a dialog that ended ends all that came of it")
    func cancelledHalf() throws {
        let cancelled = DialogFixtures.dialog("terminated", remote: nil, direction: "initiator")
        let forks = ["a", "b"].map { DialogFixtures.dialog("early", id: $0, remote: $0, direction: "initiator") }
        #expect(try dialogs(forks + [cancelled]).map(\.state) == [.terminated, .terminated])
    }

    @Test("The two ends of a call between devices of one user are two dialogs")
    func ownCall() throws {
        let caller = DialogFixtures.dialog("confirmed", local: "a", remote: "b", direction: "initiator")
        let callee = DialogFixtures.dialog("confirmed", local: "b", remote: "a")
        #expect(try dialogs([caller, callee]).count == 2)
        let early = DialogFixtures.dialog("trying", local: "a", remote: nil, direction: "initiator")
        let ringing = DialogFixtures.dialog("trying", local: nil, remote: "a")
        #expect(try dialogs([early, ringing]).count == 2)
    }

    @Test("Dialogs without a Call-ID stay apart, and ids are unique")
    func ids() throws {
        let bare = DialogFixtures.document("<dialog id=\"1\"><state>confirmed</state></dialog>")
        #expect(try dialogs([bare, bare, DialogFixtures.dialog("early")]).map(\.id) == ["1", "1-2", "1-3"])
    }

    @Test("A composed document is bounded; the least fresh is left out")
    func bounds() throws {
        let documents = (0..<4).map { phone in
            DialogFixtures.document(
                (0..<DialogInformation.maximumDialogs).map {
                    "<dialog id=\"\(phone)-\($0)\"><state>early</state></dialog>"
                }.joined())
        }
        let states = try documents.map { try DialogFixtures.state($0) }
        let all = DialogComposition.dialogs(from: states)
        #expect(all.count == DialogComposition.maximumDialogs)
        #expect(all.first?.id == "0-0")
        #expect(all.last?.id == "1-31")
        let composed = DialogPackage.document(of: DialogFixtures.alice, from: states)
        #expect(try DialogPackage.state(composedElsewhere: composed).dialogs == all)
        #expect(throws: EventStateError.self) { try DialogPackage.state(of: composed) }
    }
}
