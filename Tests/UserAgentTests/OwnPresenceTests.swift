import Presence
import Primitives
import Testing
import UserAgent

/// The documents that a user agent publishes.
struct OwnPresenceTests {
    private static let alice = AddressOfRecord("alice@example.org")!

    @Test(arguments: [true, false]) func aDocumentSaysWhatThePersonSaid(isOpen: Bool) throws {
        for activity in [nil] + Activity.allCases.map({ Optional($0) }) {
            let state = OwnPresence(isOpen: isOpen, note: "a < b & \"c\" \u{1} é", activity: activity)
            let bytes = state.document(of: Self.alice, device: "abc")
            let document = try PresenceDocument(parsing: bytes)
            #expect(document.basic == (isOpen ? .open : .closed))
            #expect(document.note == "a < b & \"c\"  é")
            #expect(document.elements.map(\.kind) == [.tuple, .person])
            if let activity { #expect(String(decoding: bytes, as: UTF8.self).contains("<rpid:\(activity.rawValue)/>")) }
        }
    }

    @Test func withoutWordsThereIsNoPerson() throws {
        let document = try PresenceDocument(
            parsing: OwnPresence(isOpen: true).document(of: Self.alice, device: "abc"))
        #expect(document.elements.map(\.kind) == [.tuple])
        #expect(document.note == nil)
    }
}
