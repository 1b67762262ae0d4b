import Primitives
import SIPMessages
import SIPStack

/// Event state compositor and notifier of presence (RFC 3903 §6, RFC 6665 §4.2, RFC 3856 §6).
///
/// What clients publish here and what other nodes say of a presentity is composed into one document, and everybody
/// who watches is told of each change. One event is handled whole before the next, so publications and subscriptions
/// of a presentity never race, and a watcher that does not answer holds back nobody else.
package struct PresenceAgent: Sendable {
    let configuration: PresenceConfiguration
    var random: RandomSource

    var resources: [EventResource: ResourceState] = [:]
    /// The phones of the users that are registered here; an array of the registrar's own.
    var bindings: [AddressOfRecord: [Binding]] = [:]
    /// Those who were seen here and are no more.
    var absences: [AddressOfRecord: Absence] = [:]
    /// What users keep as a document that says how they are, with the version of the document (RFC 4827).
    var manualStates: [AddressOfRecord: OwnState] = [:]
    /// The rules of those who have some.
    var policies: [AddressOfRecord: Policy] = [:]
    /// Every subscription under its number; numbers ascend in the order in which subscriptions came.
    var subscriptions: [UInt64: Subscription] = [:]
    /// The subscription of a dialog, by what the watcher named it.
    var dialogs: [DialogName: UInt64] = [:]
    /// How many of the subscriptions each source has; none is not kept.
    var sourceCounts: [Subscription.Source: Int] = [:]
    /// NOTIFYs that have not been answered, by request token.
    var outstanding: [RequestToken: UInt64] = [:]
    /// What a publication is of, by its key in the journal.
    var publicationOwners: [[UInt8]: EventResource] = [:]
    /// Those who are known to have no rules, where the agent waits to hear that.
    var withoutRules: Set<AddressOfRecord> = []
    /// The lists that are served, by whose they are (nil for everybody's) and by their URIs.
    var services: [AddressOfRecord?: [AddressOfRecord: ListService]] = [:]
    /// The subscriptions to lists of documents that go on, by who has them.
    var listSubscriptions: [AddressOfRecord: Set<UInt64>] = [:]
    /// Of the subscriptions that ask for it: how often they are notified.
    var paces: [UInt64: NotificationPace] = [:]
    /// What subscribers have that need not be told it.
    var conditions: [UInt64: NotificationCondition] = [:]
    var deadlines = DeadlineQueue<Deadline>()
    /// Resources some of whose watchers have yet to be told of the newest state; each once.
    var tellings: [Telling] = []
    /// The last number given to a subscription or request.
    var lastNumber: UInt64 = 0
    /// The last version given to a document: see ``nextVersion(at:)``.
    var lastVersion: Int64 = 0
    /// Whether state was restored and has not been announced yet.
    var isRestoring = false

    /// Call-ID and From tag of the SUBSCRIBE that made a dialog.
    struct DialogName: Hashable, Sendable {
        var callID: String
        var remoteTag: String
    }

    enum Deadline: Hashable, Sendable {
        /// A publication runs out.
        case publication([UInt8])
        /// A subscription was not refreshed.
        case subscription(UInt64)
        /// A NOTIFY is to be tried again, the first one after a restart is due, or a pause is over.
        case notify(UInt64)
        /// A subscriber that wants to be told at intervals was told nothing for one.
        case again(UInt64)
        /// A period in a presentity's rules begins or ends.
        case rules(AddressOfRecord)
    }

    package init(configuration: PresenceConfiguration, random: RandomSource) {
        self.configuration = configuration
        self.random = random
    }

    /// When the agent wants to be woken.
    package var nextDeadline: Instant? {
        isRestoring || !tellings.isEmpty ? Instant(nanoseconds: 0) : deadlines.earliest
    }

    /// How many publications are held.
    package var publicationCount: Int { publicationOwners.count }

    /// How many subscriptions are held: fetches that are under way, those that wait for a decision and those behind lists
    /// included.
    package var subscriptionCount: Int { subscriptions.count }

    /// The document that this node's own watchers of a presentity are shown; nil when nothing is known of it.
    package func document(of presentity: AddressOfRecord) -> [UInt8]? {
        let resource = EventResource(presentity)
        guard let known = resources[resource] else {
            let isRegistered = bindings[presentity] != nil && absences[presentity] == nil
            guard isRegistered || manualStates[presentity] != nil else { return nil }
            let states = lasting(of: resource).map(\.state) + (isRegistered ? [Composition.registered(presentity)] : [])
            return resource.document(from: states)
        }
        return known.shownDocument ?? resource.document(from: known.shownStates)
    }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        if case .restore(let room, let key, let value) = event {
            restore(room, key, value, at: now, &actions)
            return
        }
        if isRestoring { announceRestored(at: now, &actions) }
        fireDeadlines(at: now, &actions)
        switch event {
        case .request(let transaction, let message, let flow, let authenticated):
            let origin = Origin(transaction: transaction, flow: flow, authenticated: authenticated)
            switch message.method {
            case .publish: publish(message, from: origin, at: now, &actions)
            case .subscribe: subscribe(message, from: origin, at: now, &actions)
            // RFC 3261 §8.2.1: a method that is not served here.
            default: refuse(message, 405, headers: [(.allow, "PUBLISH, SUBSCRIBE")], from: origin, &actions)
            }
        case .response(let token, let response): notified(token, response, at: now, &actions)
        case .requestFailed(let token, let status): notifyFailed(token, status: status, at: now, &actions)
        case .remoteDocument(let resource, let source, let watcher, let document, let version):
            take(document, version: version, of: resource, from: source, for: watcher, at: now, &actions)
        case .remoteSource(let resource, let source, let isReachable):
            mark(source, isReachable: isReachable, of: resource, at: now, &actions)
        case .remoteGone(let resource, let source): forget(source, of: resource, at: now, &actions)
        case .watchLocally(let presentity, let watcher):
            watchLocally(presentity, as: watcher, at: now, &actions)
        case .unwatchLocally(let presentity): unwatchLocally(presentity, &actions)
        case .remove(let user): remove(user, at: now, &actions)
        case .rules(let user, let ruleset, let lists):
            setRules(of: user, ruleset, externalLists: lists, at: now, &actions)
        case .manualState(let user, let document, let version):
            setManualState(of: user, document, version: version, at: now, &actions)
        case .lists(let owner, let services): setLists(of: owner, services, at: now, &actions)
        case .documents(let number, let resources, let unknown):
            take(resources, unknown: unknown, for: number, at: now, &actions)
        case .dialogs(let user, let information, let isNews):
            take(information, of: user, isNews: isNews, at: now, &actions)
        case .bindings(let user, let bindings): take(bindings, of: user, at: now, &actions)
        case .endSubscription(let number, let rejected):
            endSubscription(number, rejected: rejected, at: now, &actions)
        case .wake: goOnTelling(at: now, &actions)
        case .restore: break
        }
    }

    /// Where a request came from.
    struct Origin {
        var transaction: ServerTransactionID
        var flow: Flow
        var authenticated: AddressOfRecord?
    }

    private mutating func fireDeadlines(at now: Instant, _ actions: inout [Action]) {
        while let due = deadlines.popDue(at: now) {
            switch due {
            case .publication(let key): expirePublication(key, at: now, &actions)
            case .subscription(let number): expireSubscription(number, at: now, &actions)
            case .notify(let number): notify(number, at: now, &actions)
            case .again(let number): notifyAgain(number, at: now, &actions)
            case .rules(let user): rulesMayDecideAnew(for: user, at: now, &actions)
            }
        }
    }

    mutating func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// A version greater than all before, those before a restart included: microseconds since 1970, or one more
    /// than the last where several fall into one. So versions grow even where nothing of the past was kept.
    mutating func nextVersion(at now: Instant) -> Int64 {
        lastVersion = max(lastVersion + 1, Int64(clamping: now.nanoseconds / 1_000))
        return lastVersion
    }

    /// Turns a request away.
    mutating func refuse(
        _ message: SIPMessage, _ status: Int, _ reason: String? = nil, headers: [(HeaderName, String)] = [],
        body: [UInt8] = [], contentType: String? = nil, from origin: Origin, _ actions: inout [Action]
    ) {
        // RFC 3261 §8.2.6.2: every final response has a tag in To.
        let response = message.response(
            status, reason, toTag: random.token(), headers: headers, body: body, contentType: contentType)
        actions.append(.respond(origin.transaction, response))
        actions.append(
            .observe(
                .refused(
                    method: message.method?.description ?? "", presentity: message.requestURI?.addressOfRecord,
                    status: status)))
    }
}
