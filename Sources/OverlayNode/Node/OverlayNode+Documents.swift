import Kademlia
import Presence
import Primitives
import SIPMessages
import SIPStack
import XCAP

/// Between the HTTP server, the users' documents and the overlay.
extension OverlayNode {
    mutating func perform(_ call: XCAPCall, _ id: XCAPCallID, at now: Instant, into actions: inout [Action]) {
        guard startedAt != nil, farewell == nil, !hasStopped else {
            return actions.append(.xcapAnswer(id, .unavailable))
        }
        guard let server = documents.server else {
            return actions.append(.xcapAnswer(id, XCAPAnswer(status: 404)))
        }
        guard var request = call.request else { return actions.append(.xcapAnswer(id, XCAPAnswer(status: 400))) }
        // What is answered alike whoever asks, as a watcher's request for an icon, needs no credentials.
        if server.respond(to: request, present: nil).response.status == 401 {
            switch self.server.authenticate(call.digestRequest, domain: realm(of: call), at: now) {
            case .authenticated(let user): request.user = user
            case .malformed: return actions.append(.xcapAnswer(id, XCAPAnswer(status: 400)))
            case .challenged(let challenges, let failedFor):
                if let failedFor {
                    let text = "wrong credentials for \(failedFor) from \(call.remote)"
                    count("authentication-failed", .warning, text, &actions)
                }
                let fields = challenges.map { XCAPCall.Field("WWW-Authenticate", $0) }
                return actions.append(.xcapAnswer(id, XCAPAnswer(status: 401, fields: fields)))
            }
        }
        counters["xcap-request", default: 0] += 1
        var out: [DocumentUsage.Action] = []
        documents.perform(request, id, accounts: accounts, at: now, random: &random, into: &out)
        route(out, at: now, into: &actions)
    }

    /// The domain whose users are asked: that of the credentials, else that of the user whose documents are meant, else
    /// the first that is served.
    private func realm(of call: XCAPCall) -> String {
        let realms = call.digestRequest.credentials.prefix(8).compactMap { (try? AuthHeader($0))?["realm"] }
        let owner = (try? RequestURI(path: call.path, query: nil))?.document.owner?.host
        let served = (realms + [owner].compactMap { $0 }).first { configuration.domains.contains($0) }
        return served ?? configuration.domains.first ?? ""
    }

    mutating func route(_ out: [DocumentUsage.Action], at now: Instant, into actions: inout [Action]) {
        for action in out {
            switch action {
            case .answer(let id, let answer): actions.append(.xcapAnswer(id, answer))
            case .lookUp(let number, let kind, let resource, let quorum):
                drive(
                    .lookUp(newLookup(.documents(number)), kind, resource, LookupOptions(quorum: quorum)), at: now,
                    into: &actions)
            case .swap(let number, let record, let expected):
                let token = newStore()
                swaps[token] = number
                drive(.store(token, record, StoreOptions(expectedSequence: expected)), at: now, into: &actions)
            case .keep(let record): keep(record, at: now, into: &actions)
            case .erase(let record): drive(.store(newStore(), record, StoreOptions()), at: now, into: &actions)
            case .release(let identity): drive(.release(identity), at: now, into: &actions)
            case .watch(let resource): watch(.document, resource, at: now, into: &actions)
            case .unwatch(let resource): unwatch(.document, resource, at: now, into: &actions)
            case .rules(let user, let ruleset, let lists):
                drive(PresenceAgent.Event.rules(user, ruleset, externalLists: lists), at: now, into: &actions)
                mailboxRulesChanged(of: user, at: now, into: &actions)
                drive(MessageListService.Event.rulesChanged(user), at: now, into: &actions)
            case .manualState(let user, let document, let version):
                drive(PresenceAgent.Event.manualState(user, document, version: version), at: now, into: &actions)
            case .lists(let user, let services):
                drive(PresenceAgent.Event.lists(of: user, services), at: now, into: &actions)
            case .documents(let number, let resources, let unknown):
                drive(PresenceAgent.Event.documents(number, resources, unknown: unknown), at: now, into: &actions)
            case .proceed(let held):
                drive(
                    PresenceAgent.Event.request(held.id, held.request, held.flow, authenticated: held.sender), at: now,
                    into: &actions)
            case .refuse(let held):
                // RFC 3261 §21.5.4: the client may try again.
                let response = held.request.response(
                    503, toTag: random.token(12), headers: [(.retryAfter, "5")])
                drive(.respond(held.id, response), at: now, into: &actions)
            case .observe(let observation): count(observation.name, observation.level, observation.text, &actions)
            }
        }
    }

    /// Whether this node is in touch with others, or there are none to be in touch with.
    private var reachesOthers: Bool {
        kademlia.contactCount > 0 || (configuration.bootstrap.isEmpty && remembered.isEmpty)
    }

    mutating func foundDocuments(
        _ number: UInt64, _ outcome: LookupOutcome, at now: Instant, into actions: inout [Action]
    ) {
        var out: [DocumentUsage.Action] = []
        // What is not found where none of those known has answered may well exist.
        let isAnswered = !outcome.closest.isEmpty || kademlia.contactCount == 0
        documents.found(
            number, outcome.records, reachesOthers: reachesOthers && isAnswered, accounts: accounts, at: now,
            random: &random,
            into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func swapped(
        _ number: UInt64, _ outcome: StoreOutcome, at now: Instant, into actions: inout [Action]
    ) {
        var out: [DocumentUsage.Action] = []
        documents.stored(
            number, outcome, reachesOthers: reachesOthers, accounts: accounts, at: now, random: &random, into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func documentChanged(_ change: RecordChange, at now: Instant, into actions: inout [Action]) {
        var out: [DocumentUsage.Action] = []
        documents.recordChanged(change, accounts: accounts, at: now, into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func renewDocument(_ record: Record, at now: Instant, into actions: inout [Action]) {
        var out: [DocumentUsage.Action] = []
        documents.renew(record, account: account(of: record), at: now, into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func follow(
        _ user: AddressOfRecord, _ reason: FollowReason, at now: Instant, into actions: inout [Action]
    ) {
        guard startedAt != nil else { return }
        var out: [DocumentUsage.Action] = []
        documents.follow(user, reason, accounts: accounts, into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func followChanges(
        _ number: UInt64, of user: AddressOfRecord, _ uris: [String], at now: Instant, into actions: inout [Action]
    ) {
        guard startedAt != nil else { return }
        var out: [DocumentUsage.Action] = []
        documents.followChanges(number, of: user, uris, accounts: accounts, into: &out)
        route(out, at: now, into: &actions)
    }

    /// A user asks for something that another user's rules decide about.
    mutating func refreshRules(
        forRequest request: SIPMessage, at now: Instant, into actions: inout [Action]
    ) {
        guard startedAt != nil, request.method == .subscribe, (try? request.from)?.uri.addressOfRecord != nil,
            let user = request.requestURI?.addressOfRecord
        else { return }
        refreshRules(of: user, at: now, into: &actions)
    }

    mutating func refreshRules(of user: AddressOfRecord, at now: Instant, into actions: inout [Action]) {
        var out: [DocumentUsage.Action] = []
        documents.refresh(user, accounts: accounts, at: now, into: &out)
        route(out, at: now, into: &actions)
    }

    /// A phone asks for something of the presence agent, which may need the phone's user's lists for that.
    mutating func admit(_ request: HeldSubscribe, at now: Instant, into actions: inout [Action]) {
        var out: [DocumentUsage.Action] = []
        documents.admit(request, accounts: accounts, at: now, into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func wakeDocuments(at now: Instant, into actions: inout [Action]) {
        var out: [DocumentUsage.Action] = []
        documents.wake(at: now, into: &out)
        route(out, at: now, into: &actions)
    }

    /// A removed user has no documents; those that are known here are withdrawn.
    mutating func removeDocuments(of account: Account, at now: Instant, into actions: inout [Action]) {
        var out: [DocumentUsage.Action] = []
        let records = documents.remove(account, at: now, into: &out)
        route(out, at: now, into: &actions)
        for record in records {
            let tombstone = record.tombstone(signingWith: account.identity.signing)
            drive(.withdraw(newStore(), tombstone), at: now, into: &actions)
        }
    }

    /// Calls that wait are answered before the node goes.
    mutating func abandonDocuments(at now: Instant, into actions: inout [Action]) {
        var out: [DocumentUsage.Action] = []
        documents.abandon(into: &out)
        route(out, at: now, into: &actions)
    }
}
