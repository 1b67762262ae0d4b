import Primitives
import SIPMessages

@testable import Presence

/// The messages of a call that pass a proxy, given to a tracker.
struct CallDriver {
    var tracker: DialogTracker
    var now = Instant(secondsSince1970: 1_800_000_000)
    /// What the last event has changed.
    var changes: [DialogTracker.Change] = []
    private(set) var journal: [[UInt8]: [UInt8]] = [:]
    private let limits: DialogTrackerLimits

    static let alice = AddressOfRecord("alice@example.org")!
    static let bob = AddressOfRecord("bob@example.org")!

    init(limits: DialogTrackerLimits = DialogTrackerLimits()) {
        self.limits = limits
        tracker = DialogTracker(limits: limits)
    }

    mutating func handle(_ event: DialogTracker.Event) {
        var actions: [DialogTracker.Action] = []
        tracker.handle(event, at: now, into: &actions)
        changes = []
        for action in actions {
            switch action {
            case .changed(let change): changes.append(change)
            case .persist(let key, let value): journal[key] = value
            case .forget(let key): journal[key] = nil
            }
        }
    }

    /// A process that is killed and started again: only the journal is left.
    mutating func restart() {
        tracker = DialogTracker(limits: limits)
        for (key, value) in journal.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            handle(.restore(key: key, value: value))
        }
    }

    mutating func wait(_ interval: Interval) {
        now += interval
        handle(.wake)
    }

    /// A request from `fromTag` to `toTag`; alice's end is the one with the tag `a`.
    static func request(
        _ method: SIPMethod, callID: String = "c", from fromTag: String = "a", to toTag: String? = nil,
        sequence: Int = 1, headers: [(HeaderName, String)] = []
    ) -> SIPMessage {
        let isFromAlice = fromTag == "a"
        let alice = "\"Alice\" <sip:alice@example.org>"
        let bob = "<sip:bob@example.org>"
        return .request(
            method, uri: SIPURI("sip:bob@example.org")!,
            headers: [
                (.from, "\(isFromAlice ? alice : bob);tag=\(fromTag)"),
                (.to, (isFromAlice ? bob : alice) + (toTag.map { ";tag=\($0)" } ?? "")), (.callID, callID),
                (.cseq, "\(sequence) \(method)"),
                (.contact, "<sip:\(isFromAlice ? "alice@192.0.2.1" : "bob@192.0.2.2")>"),
            ] + headers)
    }

    mutating func invite(callID: String = "c", sequence: Int = 1, headers: [(HeaderName, String)] = []) {
        handle(
            .request(
                Self.request(.invite, callID: callID, sequence: sequence, headers: headers), caller: Self.alice,
                callee: Self.bob))
    }

    static func response(
        _ status: Int, tag: String? = nil, callID: String = "c", sequence: Int = 1, method: SIPMethod = .invite,
        headers: [(HeaderName, String)] = []
    ) -> SIPMessage {
        request(method, callID: callID, sequence: sequence).response(
            status, toTag: tag, headers: [(.contact, "<sip:bob@192.0.2.2:5062>")] + headers)
    }

    mutating func receive(
        _ status: Int, tag: String? = nil, callID: String = "c", headers: [(HeaderName, String)] = []
    ) {
        handle(.branchResponse(Self.response(status, tag: tag, callID: callID, headers: headers)))
    }

    mutating func refuse(_ status: Int, tag: String? = nil, callID: String = "c") {
        handle(.finalResponse(Self.response(status, tag: tag, callID: callID)))
    }

    /// A call that is going on.
    mutating func establish(callID: String = "c", tag: String = "b", headers: [(HeaderName, String)] = []) {
        invite(callID: callID)
        receive(180, tag: tag, callID: callID)
        receive(200, tag: tag, callID: callID, headers: headers)
    }

    func dialogs(_ user: AddressOfRecord = Self.bob) -> [ObservedDialog] { tracker.information(of: user).dialogs }

    func states(_ user: AddressOfRecord = Self.bob) -> [DialogState] { dialogs(user).map(\.state) }

    func events(_ user: AddressOfRecord = Self.bob) -> [DialogEvent?] { dialogs(user).map(\.event) }
}
