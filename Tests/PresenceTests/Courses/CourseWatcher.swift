import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing

/// A subscription in a course: what it was told, as its watcher understands it.
struct CourseWatcher {
    enum Kind: CaseIterable {
        case whole, partial, filtered, both, elsewhere, list

        var takesChanges: Bool { self == .partial || self == .both }
        var isFiltered: Bool { self == .filtered || self == .both }
    }

    /// How things stand with a presentity.
    struct View: Equatable {
        /// `active`, `pending` or the reason of an end.
        var state: String
        /// Nil: nothing was said.
        var facts: Set<String>?
    }

    let kind: Kind
    let user: AddressOfRecord
    let presentity: AddressOfRecord
    let call: String
    /// Parameters of Event, if any.
    let rates: String
    var toTag = ""
    var cseq = 1
    var expires: Instant
    /// Ended, or to end, whatever comes yet.
    var isOver = false
    /// What it has yet to be told of its end.
    var lastReason: String?
    /// What was told last, by presentity.
    var views: [AddressOfRecord: View] = [:]
    /// Whom the last NOTIFY was about.
    var lastNamed: [AddressOfRecord] = []
    /// Members of a list to whom there is no subscription, until the list is subscribed to again.
    var rejected: Set<AddressOfRecord> = []
    var lastSequence: UInt32 = 0
    var lastVersion: Int64 = -1
    /// Whether something that was sent did not arrive.
    var hasGap = false
    var copy = PartialPresenceCopy()

    mutating func end(_ reason: String) {
        guard !isOver else { return }
        isOver = true
        lastReason = reason
    }

    /// What of the facts its filter leaves.
    func filtered(_ facts: Set<String>?) -> Set<String>? {
        kind.isFiltered ? facts?.filter { !$0.hasSuffix("/note") } : facts
    }

    /// Takes a NOTIFY in.
    mutating func take(_ message: SIPMessage, _ state: SubscriptionState) throws {
        guard kind != .list else { return try takeList(message) }
        let type = try message.contentType?.essence
        let body = Array(message.body)
        var view = View(state: state.state == .terminated ? state.reason ?? "" : "\(state.state)")
        view.facts = views[presentity]?.facts
        if type == "application/pidf-diff+xml" {
            guard case .changed(let document) = copy.take(body) else {
                Issue.record("changes that go with nothing")
                return
            }
            view.facts = PresentityModel.facts(in: document)
        } else if !body.isEmpty {
            view.facts = PresentityModel.facts(in: body)
        }
        if kind == .elsewhere, let version = try message.sipETag.flatMap({ Int64($0) }) {
            #expect(version >= lastVersion)
            lastVersion = version
        }
        views[presentity] = view
    }

    private mutating func takeList(_ message: SIPMessage) throws {
        let (rlmi, documents) = try ListFixtures.read(message)
        #expect(Int64(rlmi.version) > lastVersion)
        #expect(rlmi.isFull || !hasGap && Int64(rlmi.version) == lastVersion + 1, "changes that go with nothing")
        lastVersion = Int64(rlmi.version)
        hasGap = false
        if rlmi.isFull { views = [:] }
        for resource in rlmi.resources {
            let member = try #require(AddressOfRecord(String(resource.uri.dropFirst(4))))
            lastNamed.append(member)
            guard let instance = resource.instances.first else { continue }
            let document = instance.contentID.flatMap { documents[$0] }
            let state: String =
                switch instance.state {
                case .active: "active"
                case .pending: "pending"
                case .terminated(let reason): reason
                }
            views[member] = View(state: state, facts: document.map { PresentityModel.facts(in: $0) })
        }
    }

    /// The header fields of its SUBSCRIBEs.
    var headers: [String] {
        var lines = ["Event: presence\(rates)"]
        if kind == .list { return lines + AgentDriver.listHeaders }
        lines += kind.isFiltered ? ["Content-Type: application/simple-filter+xml"] : []
        if kind.takesChanges { lines.append("Accept: application/pidf+xml;q=0.5, application/pidf-diff+xml") }
        return lines
    }

    var body: String {
        guard kind.isFiltered else { return "" }
        let inner = "<filter id='1'><what><exclude>//pidf:note</exclude></what></filter>"
        return String(decoding: FilterFixtures.filters(inner), as: UTF8.self)
    }

    var flow: Flow { kind == .elsewhere ? .overlay(AgentDriver.farNode) : AgentDriver.phone }
}
