import Identity
import Kademlia
import Presence
import Primitives
import XCAP

/// The documents of this node's users: encrypted records in the overlay, and the XCAP server in front of them.
///
/// A user's documents are looked up when they are first needed and watched from then on, so that a request costs no
/// lookup and a change made at another gateway is known here. A change of a document is a compare-and-swap at the nodes
/// that store it: of two gateways that change it at one time one is turned away and works its change out anew.
package struct DocumentUsage: Sendable {
    package enum Action: Sendable {
        case answer(XCAPCallID, XCAPAnswer)
        /// Look the resource up; ``found(_:_:reachesOthers:accounts:at:random:into:)`` takes the outcome under the number.
        case lookUp(UInt64, RecordKind, ResourceID, quorum: Int)
        /// Store the record once where that sequence is held, -1 for none;
        /// ``stored(_:_:reachesOthers:accounts:at:random:into:)`` takes the outcome under the number.
        case swap(UInt64, Record, expected: Int64)
        case keep(Record)
        /// Store the record once, whatever is held.
        case erase(Record)
        /// Keep it no longer: another gateway has written since.
        case release(Record.Identity)
        case watch(ResourceID)
        case unwatch(ResourceID)
        /// Who may watch the user.
        case rules(AddressOfRecord, Ruleset?, externalLists: [String: Set<AddressOfRecord>])
        /// How the user says to be, out of the document with that sequence; nil for no such document.
        case manualState(AddressOfRecord, PresenceDocument?, version: Int64)
        /// Which lists the user has.
        case lists(AddressOfRecord, [ListService])
        /// What there is of what somebody selected, by their number; at the selectors in `unknown` there may be something.
        case documents(UInt64, [XCAPResource], unknown: Set<String>)
        /// The agent can take the request now.
        case proceed(HeldSubscribe)
        /// Whether the request is for a list can't be found out: its client may try again.
        case refuse(HeldSubscribe)
        case observe(Observation)
    }

    /// Users whose documents are at hand at one time; those without a call for longest make room.
    package static let maximumUsers = 20_000
    /// Calls that wait at one time, whoever's they are.
    package static let maximumWaiting = 4_096
    /// How long documents stay at hand without a call.
    package static let idleTime = Interval.hours(1)
    /// When documents whose rules are needed are looked up again after nobody could be reached.
    static let retryTime = Interval.seconds(10)

    /// What a lookup under way is for.
    enum Purpose: Sendable {
        case loading(AddressOfRecord)
        /// Parts of the user's documents are needed.
        case parts(AddressOfRecord)
        /// Some of them were not there.
        case heads(AddressOfRecord)
        /// A swap was lost.
        case settling(AddressOfRecord, key: [UInt8])
    }

    /// What a store under way is for.
    struct Swap: Sendable {
        var user: AddressOfRecord
        /// Of the document's record.
        var key: [UInt8]
        /// Whether it is one of the document's parts that is stored.
        var isPart: Bool
    }

    /// The quorum of a lookup that is to find out what all nodes hold.
    static let everybody = 16

    /// nil when this node serves no XCAP; documents are loaded for their rules all the same.
    let server: XCAPServer?
    var users: [AddressOfRecord: UserDocuments] = [:]
    /// Whose documents a watched resource holds.
    var owners: [ResourceID: AddressOfRecord] = [:]
    var lookups: [UInt64: Purpose] = [:]
    var swaps: [UInt64: Swap] = [:]
    /// Bytes at hand of documents in parts, by user and in all.
    var assembled: [AddressOfRecord: Int] = [:]
    var assembledBytes = 0
    var nextNumber: UInt64 = 0
    /// Those who want to know when documents change, by their numbers, and whose documents these are.
    var changeWatches: [UInt64: ChangeWatch] = [:]
    var changeWatchers: [AddressOfRecord: Set<UInt64>] = [:]
    /// Calls that are not answered yet.
    private var open: Set<XCAPCallID> = []
    /// How many SUBSCRIBEs wait.
    var heldCount = 0
    /// When the documents of users whom nobody needs any more are let go of.
    var idle = DeadlineQueue<AddressOfRecord>()
    /// When those that are needed and could not be looked up are looked up again.
    var retries = DeadlineQueue<AddressOfRecord>()

    package init(server: XCAPServer?) { self.server = server }

    package var nextDeadline: Instant? { [idle.earliest, retries.earliest].compactMap { $0 }.min() }

    mutating func answer(_ id: XCAPCallID, _ answer: XCAPAnswer, into actions: inout [Action]) {
        open.remove(id)
        actions.append(.answer(id, answer))
    }

    // MARK: Calls

    /// Answers a request, at once or when what it needs is there.
    package mutating func perform(
        _ request: XCAPRequest, _ id: XCAPCallID, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        guard let server else { return answer(id, XCAPAnswer(status: 404), into: &actions) }
        let source = server.source(for: request)
        guard let owner = Self.owner(of: source), let account = accounts.account(owner) else {
            // Nobody can write global documents, and whoever is no user has none.
            let response = server.respond(to: request, present: computedIndex(for: source))
            return answer(id, XCAPAnswer(response.response), into: &actions)
        }
        if case .stored(let selector) = source, selector.description.utf8.count > DocumentContent.longestPath {
            return answer(id, XCAPAnswer(status: 414), into: &actions)
        }
        guard (users[owner]?.waitingCount ?? 0) < UserDocuments.maximumWaiting, open.count < Self.maximumWaiting,
            need(account, into: &actions)
        else { return answer(id, .unavailable, into: &actions) }
        open.insert(id)
        let call = DocumentCall(id: id, request: request, source: source)
        if users[owner]!.isLoaded {
            carryOut(call, of: owner, accounts: accounts, at: now, random: &random, into: &actions)
        } else {
            users[owner]!.waiting.append(call)
        }
        rest(owner, at: now)
    }

    private static func owner(of source: DocumentSource) -> AddressOfRecord? {
        switch source {
        case .stored(let selector): selector.owner
        case .computed(.directory(let owner)): owner
        case .none, .computed: nil
        }
    }

    /// Answers a call whose documents are loaded, or begins the change that it makes.
    mutating func carryOut(
        _ call: DocumentCall, of owner: AddressOfRecord, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        guard let server, let known = users[owner] else { return answer(call.id, .unavailable, into: &actions) }
        if needsParts(call, of: known) { return awaitParts(call, of: owner, into: &actions) }
        guard case .stored(let selector) = call.source else {
            let response = server.respond(to: call.request, present: directory(of: known))
            return answer(call.id, XCAPAnswer(response.response), into: &actions)
        }
        if known[selector]?.isIncomplete == true, !call.replacesWhole {
            // RFC 9110 §15.6.1, §15.6.4: there is a document, and it is lost; or it may be there in a moment.
            let isLost = known[selector]?.isLost == true
            return answer(call.id, isLost ? XCAPAnswer(status: 500) : .unavailable, into: &actions)
        }
        let key = known.secrets.key(of: selector.description)
        if call.request.method == .get || call.request.method == .head {
            let response = server.respond(to: call.request, present: stored(known[selector])).response
            answer(call.id, XCAPAnswer(response), into: &actions)
        } else if known.writes[key] != nil {
            users[owner]!.writes[key]!.waiting.append(call)
        } else {
            write(call, selector, key, of: owner, accounts: accounts, at: now, random: &random, into: &actions)
        }
    }

    /// A document as the XCAP server takes it.
    func stored(_ held: HeldDocument?) -> StoredDocument? {
        guard let server, let content = held?.content else { return nil }
        return StoredDocument(bytes: content.bytes, tag: server.entityTag(of: content.bytes))
    }

    /// The node stops: nobody else will answer.
    package mutating func abandon(into actions: inout [Action]) {
        for (owner, known) in users.sorted(by: { $0.key < $1.key }) {
            let writes = known.writes.values.sorted { $0.call.id.number < $1.call.id.number }
            for call in known.waiting + known.waitingForParts + writes.flatMap({ [$0.call] + $0.waiting }) {
                answer(call.id, .unavailable, into: &actions)
            }
            users[owner]!.waiting = []
            users[owner]!.waitingForParts = []
            users[owner]!.writes = [:]
            refuseHeld(of: owner, into: &actions)
        }
        swaps = [:]
    }
}
