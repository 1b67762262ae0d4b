import Primitives
import SIPMessages

/// What a proxy knows of its users' calls by the messages that pass it (RFC 4235 §3.11: a state agent).
///
/// It takes them as the proxy forwards them, once each and in that order, and tells what has changed for whom. Nobody's
/// dialogs come back once they have ended, and none lasts for ever because its BYE took another way.
package struct DialogTracker: Sendable {
    package enum Event: Sendable {
        /// A request is forwarded that may begin, change or end a dialog: INVITE, UPDATE or BYE, and no retransmission.
        ///
        /// - caller: the user of this node who sends it; nil when somebody else does.
        /// - callee: the user of this node whom it was for before it was given a contact's address; nil when it was for
        ///   somebody else. Neither matters within a dialog.
        case request(SIPMessage, caller: AddressOfRecord?, callee: AddressOfRecord?)
        /// A response came from where such a request was forwarded to.
        case branchResponse(SIPMessage)
        /// A final response to an INVITE that is no 2xx goes back to the caller.
        case finalResponse(SIPMessage)
        /// A request within a dialog has had no answer.
        case unanswered(SIPMessage)
        /// What was persisted of a call before a restart. All of them come before anything else.
        case restore(key: [UInt8], value: [UInt8])
        /// The deadline has come.
        case wake
    }

    package enum Action: Sendable {
        case changed(Change)
        /// Keep a call that goes on, over a restart.
        case persist(key: [UInt8], value: [UInt8])
        case forget(key: [UInt8])
    }

    /// A user's dialogs have changed.
    package struct Change: Sendable {
        package var user: AddressOfRecord
        /// All of them, those that ended lately included.
        package var information: DialogInformation
        /// Whether watchers should be told. Otherwise only what ended is forgotten.
        package var isNews: Bool
    }

    let limits: DialogTrackerLimits
    var calls: [TrackedCall.Key: TrackedCall] = [:]
    /// The calls of each user, in the order in which they came.
    private var callsByUser: [AddressOfRecord: [TrackedCall.Key]] = [:]
    private var deadlines = DeadlineQueue<TrackedCall.Key>()

    package init(limits: DialogTrackerLimits = DialogTrackerLimits()) { self.limits = limits }

    package var nextDeadline: Instant? { deadlines.earliest }

    /// Those who have calls, in an order that is always the same.
    package var users: [AddressOfRecord] { callsByUser.keys.sorted() }

    /// How many calls are remembered.
    package var count: Int { calls.count }

    /// All dialogs of a user that are remembered.
    package func information(of user: AddressOfRecord) -> DialogInformation {
        let all = (callsByUser[user] ?? []).compactMap { calls[$0] }.flatMap { $0.dialogs(of: user) }
        // What lives goes first, should there be more than a document holds.
        let listed = all.filter { $0.state != .terminated } + all.filter { $0.state == .terminated }
        return DialogInformation(dialogs: Array(listed.prefix(DialogInformation.maximumDialogs)))
    }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        if case .restore(let key, let value) = event { return restore(key, value, at: now, &actions) }
        expire(at: now, &actions)
        switch event {
        case .request(let request, let caller, let callee):
            if request.method == .invite, (try? request.to.tag) == nil {
                invited(request, caller: caller, callee: callee, at: now, &actions)
            } else if request.method == .bye {
                ended(by: request, at: now, &actions)
            }
        case .branchResponse(let response): received(response, at: now, &actions)
        case .finalResponse(let response): refused(response, at: now, &actions)
        case .unanswered(let request): unanswered(request, at: now, &actions)
        case .restore, .wake: break
        }
    }

    /// Has a call be one of each of its users', as far as they have room.
    mutating func add(_ call: TrackedCall, at now: Instant, _ actions: inout [Action]) {
        calls[call.key] = call
        for user in call.users { callsByUser[user, default: []].append(call.key) }
        settle(call, at: now, &actions)
    }

    /// Whether a user can have one more call; makes room by forgetting one that has ended.
    mutating func hasRoom(for user: AddressOfRecord, _ actions: inout [Action]) -> Bool {
        let keys = callsByUser[user] ?? []
        guard keys.count >= limits.maximumCallsPerUser else { return true }
        guard let ended = keys.first(where: { calls[$0]?.isLive == false }), let users = calls[ended]?.users else {
            return false
        }
        remove(ended, &actions)
        tell(users, isNews: false, &actions)
        return true
    }

    /// Puts a call back that was worked on, and tells its users.
    mutating func settle(_ changed: TrackedCall, at now: Instant, isNews: Bool = true, _ actions: inout [Action]) {
        var call = changed
        let live = call.legs.filter(\.isLive)
        if live.isEmpty, call.ended == nil { call.ended = now }
        // A call that nobody has answered ends with the proxy that forwarded it: its transactions are not kept.
        if live.contains(where: { $0.state == .confirmed }) {
            call.isKept = true
            actions.append(.persist(key: call.key.bytes, value: call.encoded))
        } else if call.isKept {
            call.isKept = false
            actions.append(.forget(key: call.key.bytes))
        }
        calls[call.key] = call
        let deadline = call.ended.map { $0 + limits.endedTime } ?? live.map(\.expires).min()
        deadlines.set(call.key, to: deadline ?? now)
        guard isNews else { return }
        tell(call.users, isNews: true, &actions)
    }

    private func tell(_ users: Set<AddressOfRecord>, isNews: Bool, _ actions: inout [Action]) {
        for user in users.sorted() {
            actions.append(.changed(Change(user: user, information: information(of: user), isNews: isNews)))
        }
    }

    /// Forgets a call.
    mutating func remove(_ key: TrackedCall.Key, _ actions: inout [Action]) {
        deadlines.remove(key)
        guard let call = calls.removeValue(forKey: key) else { return }
        if call.isKept { actions.append(.forget(key: key.bytes)) }
        for user in call.users {
            callsByUser[user]?.removeAll { $0 == key }
            if callsByUser[user]?.isEmpty == true { callsByUser[user] = nil }
        }
    }

    private mutating func expire(at now: Instant, _ actions: inout [Action]) {
        while let key = deadlines.popDue(at: now) {
            guard var call = calls[key] else { continue }
            if call.ended != nil {
                remove(key, &actions)
                tell(call.users, isNews: false, &actions)
                continue
            }
            if call.legs.contains(where: { isForgotten($0, at: now) }) {
                // Nobody knows that it ended; it is only not vouched for any more.
                remove(key, &actions)
                tell(call.users, isNews: true, &actions)
                continue
            }
            for index in call.legs.indices where call.legs[index].isLive && call.legs[index].expires <= now {
                if call.legs[index].state == .confirmed {
                    // RFC 4028 §8.3: a session whose time has come is over.
                    call.legs[index].end(.timeout)
                } else {
                    // RFC 3261 §16.8: an INVITE that nobody answers counts as answered 408. §13.2.2.4: what is early when
                    // the INVITE is over has ended.
                    call.legs[index].end(call.isPending ? .refused(408) : .abandoned)
                }
            }
            settle(call, at: now, &actions)
        }
    }

    private func isForgotten(_ leg: TrackedLeg, at now: Instant) -> Bool {
        leg.state == .confirmed && !leg.hasSessionTimer && leg.expires <= now
    }
}
