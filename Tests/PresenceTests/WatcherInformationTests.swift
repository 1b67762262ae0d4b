import Presence
import Primitives
import Testing
import XMLTree

@Suite("Watcher information")
struct WatcherInformationTests {
    private let alice = AddressOfRecord("alice@example.org")!
    private let now = Instant(secondsSince1970: 1_800_000_000)

    private func watcher(
        _ id: String, _ handling: SubscriptionHandling = .confirm, name: String? = nil, begun: Int = -10,
        expires: Int = 60
    ) -> Watcher {
        Watcher(
            id: id, uri: "sip:\(id)@example.org", displayName: name, state: WatcherState(subscribing: handling),
            begun: now + .seconds(begun), expires: now + .seconds(expires))
    }

    @Test(
        "Where a subscription begins",
        arguments: [
            (.block, .terminated), (.confirm, .pending), (.politeBlock, .active), (.allow, .active),
        ] as [(SubscriptionHandling, WatcherStatus)])
    func beginning(handling: SubscriptionHandling, status: WatcherStatus) {
        let state = WatcherState(subscribing: handling)
        #expect(state.status == status)
        #expect(state.event == .subscribe)
    }

    /// RFC 3857 §4.7.1, figure 1: what each state makes of each event; all else has no meaning there.
    private static let transitions: [WatcherStatus: [WatcherEvent: WatcherStatus]] = [
        .pending: [
            .approved: .active, .timeout: .waiting, .noresource: .terminated, .rejected: .terminated,
            .deactivated: .terminated, .probation: .terminated, .giveup: .terminated,
        ],
        .active: [
            .noresource: .terminated, .rejected: .terminated, .deactivated: .terminated, .probation: .terminated,
            .timeout: .terminated,
        ],
        .waiting: [.noresource: .terminated, .rejected: .terminated, .giveup: .terminated, .approved: .terminated],
        .terminated: [:],
    ]

    @Test("Every event in every state", arguments: WatcherStatus.allCases, WatcherEvent.allCases)
    func transition(status: WatcherStatus, event: WatcherEvent) {
        var state = WatcherState(subscribing: .confirm)
        switch status {
        case .pending: break
        case .active: state.take(.approved)
        case .waiting: state.take(.timeout)
        case .terminated: state.take(.rejected)
        }
        #expect(state.status == status)
        let before = state
        let isTaken = state.take(event)
        if let next = Self.transitions[status]?[event] {
            #expect(isTaken)
            #expect(state.status == next)
            #expect(state.event == event)
        } else {
            #expect(!isTaken)
            #expect(state == before)
        }
    }

    @Test("Only what is active goes back to pending")
    func suspension() {
        for (handling, status) in [(SubscriptionHandling.allow, WatcherStatus.pending), (.block, .terminated)] {
            var state = WatcherState(subscribing: handling)
            state.suspend()
            #expect(state.status == status)
        }
        var waiting = WatcherState(subscribing: .confirm)
        waiting.take(.timeout)
        waiting.suspend()
        #expect(waiting.status == .waiting)
    }

    @Test("A document names the presentity, the package, and each watcher with all that is known")
    func document() {
        let bytes = WatcherInformation.document(
            of: alice, watchers: [watcher("bob", .allow, name: "B & \"O\""), watcher("eve", .block)], .full,
            version: 7, at: now)
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="7" state="full">\
                <watcher-list resource="sip:alice@example.org" package="presence">\
                <watcher id="bob" status="active" event="subscribe" display-name="B &amp; &quot;O&quot;" \
                expiration="60" duration-subscribed="10">sip:bob@example.org</watcher>\
                <watcher id="eve" status="terminated" event="subscribe" duration-subscribed="10">\
                sip:eve@example.org</watcher></watcher-list></watcherinfo>
                """)
    }

    @Test("Documents are valid", .enabled(if: PresenceFixtures.schema != nil))
    func valid() throws {
        for watchers in [[], [watcher("bob", name: "Bob")], [watcher("bob"), watcher("eve", .block)]] {
            for extent in [WatcherInformation.Extent.full, .partial] {
                let bytes = WatcherInformation.document(
                    of: alice, watchers: watchers, extent, version: .max, at: now)
                #expect(try PresenceFixtures.schemaComplaints(about: bytes) == "")
            }
        }
    }

    private func ids(_ bytes: [UInt8]) throws -> (extent: String?, ids: [String]) {
        let root = try XMLDocument(parsing: bytes).root
        return (root[attribute: XMLName("state")], root.elements[0].elements.map { $0[attribute: XMLName("id")] ?? "" })
    }

    @Test("First everybody is told of, then those for whom something changed, each once and as it is now")
    func changes() throws {
        var changes = WatcherInformationChanges()
        #expect(changes.isFull)
        changes.note(watcher("bob"))
        var told = try ids(changes.take(of: alice, watchers: [watcher("bob"), watcher("eve")], version: 0, at: now))
        #expect(told.extent == "full")
        #expect(told.ids == ["bob", "eve"])
        #expect(!changes.isFull)
        changes.note(watcher("eve", .confirm, begun: -5))
        changes.note(watcher("bob", .allow, begun: -9))
        changes.note(watcher("eve", .block, begun: -5))
        let bytes = changes.take(of: alice, watchers: [], version: 1, at: now)
        told = try ids(bytes)
        #expect(told.extent == "partial")
        #expect(told.ids == ["bob", "eve"])
        #expect(String(decoding: bytes, as: UTF8.self).contains("status=\"terminated\""))
        #expect(!String(decoding: bytes, as: UTF8.self).contains("status=\"pending\""))
        changes.tellAll()
        told = try ids(changes.take(of: alice, watchers: [], version: 2, at: now))
        #expect(told.extent == "full")
    }

    @Test("What grows past its bound is told as the full state")
    func bound() throws {
        var changes = WatcherInformationChanges()
        _ = changes.take(of: alice, watchers: [], version: 0, at: now)
        for number in 0..<WatcherInformationChanges.maximumPending { changes.note(watcher("w\(number)")) }
        #expect(!changes.isFull)
        changes.note(watcher("w0"))
        #expect(!changes.isFull)
        changes.note(watcher("one-more"))
        #expect(changes.isFull)
    }
}
