import Presence
import Primitives
import SIPMessages
import SIPStack

/// A SIP endpoint (RFC 3261 §8): registers, publishes its user's presence, watches others, sends and takes messages
/// and calls.
///
/// Media are not its business: it negotiates where they would go.
package struct UserAgent: Sendable {
    /// One person's requests, and those of as many buddies as they may watch, with room for a burst.
    private static let maximumTransactions = 8_192

    let configuration: UserAgentConfiguration
    var random: RandomSource
    var transactions: TransactionLayer
    var digest: DigestClient
    var subscriber: Subscriber
    var publisher: Publisher
    var registration: Registration
    var presence = PresenceState()
    /// Requests that wait for their final response.
    var requests: [ClientTransactionID: OutstandingRequest] = [:]
    /// Requests outside dialogs that are still remembered, by what they have in common with their merged copies.
    var served: [MergeKey: ServerTransactionID] = [:]
    var serving: [ServerTransactionID: MergeKey] = [:]
    /// In the order in which they came to be; a handful.
    var calls: [Call] = []
    var timers = DeadlineQueue<Deadline>()
    var lastReceivedCall: UInt64 = 0

    /// A key of the timer queue.
    enum Deadline: Hashable, Sendable {
        /// The registration is to be refreshed, or tried again.
        case registration
        /// The 2xx to an INVITE is to be repeated, or has gone unacknowledged for too long.
        case answer(CallNumber)
        /// The caller is to be told again that it rings.
        case ringing(CallNumber)
        /// An invitation that was never answered is not wanted any more.
        case invitation(CallNumber)
    }

    package init(configuration: UserAgentConfiguration, random source: RandomSource) {
        var random = source
        self.configuration = configuration
        transactions = TransactionLayer(
            configuration: TransactionConfiguration(
                listeners: configuration.listeners, timers: configuration.timers,
                maximumServerTransactions: Self.maximumTransactions,
                maximumClientTransactions: Self.maximumTransactions),
            random: random.split())
        digest = DigestClient(
            user: configuration.userName, password: configuration.password, random: random.split())
        subscriber = Subscriber(random: random.split())
        publisher = Self.makePublisher(configuration, random: random.split())
        registration = Registration(callID: random.token(24), expires: configuration.registrationExpires)
        presence.device = random.token(8)
        self.random = random
    }

    /// When `wake` is due.
    package var nextDeadline: Instant? {
        [timers.earliest, transactions.nextDeadline, subscriber.nextDeadline, publisher.nextDeadline]
            .compactMap { $0 }.min()
    }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        switch event {
        case .transport(let event): drive(.transport(event), at: now, into: &actions)
        case .register: setRegistration(wanted: true, at: now, into: &actions)
        case .unregister: setRegistration(wanted: false, at: now, into: &actions)
        case .publish(let state): publish(state, at: now, into: &actions)
        case .unpublish: drive(Publisher.Event.remove, at: now, into: &actions)
        case .watch(let presentity): watch(presentity, at: now, into: &actions)
        case .unwatch(let presentity): unwatch(presentity, at: now, into: &actions)
        case .sendMessage(let number, let uri, let text):
            sendMessage(number, to: uri, text: text, at: now, into: &actions)
        case .call(let number, let uri): call(number, to: uri, at: now, into: &actions)
        case .answer(let number): answer(number, at: now, into: &actions)
        case .reject(let number, let status): reject(number, status: status, at: now, into: &actions)
        case .end(let number): end(number, at: now, into: &actions)
        case .wake: break
        }
        fireTimers(at: now, into: &actions)
    }

    private mutating func fireTimers(at now: Instant, into actions: inout [Action]) {
        if let due = transactions.nextDeadline, due <= now {
            drive(TransactionLayer.Event.wake, at: now, into: &actions)
        }
        if let due = subscriber.nextDeadline, due <= now { drive(Subscriber.Event.wake, at: now, into: &actions) }
        if let due = publisher.nextDeadline, due <= now { drive(Publisher.Event.wake, at: now, into: &actions) }
        while let deadline = timers.popDue(at: now) {
            switch deadline {
            case .registration: sendRegister(at: now, into: &actions)
            case .answer(let number): answerIsDue(number, at: now, into: &actions)
            case .ringing(let number): ringAgain(number, at: now, into: &actions)
            case .invitation(let number): invitationExpired(number, at: now, into: &actions)
            }
        }
    }

    /// Gives the transaction layer an event, and whoever is concerned what it says.
    mutating func drive(_ event: TransactionLayer.Event, at now: Instant, into actions: inout [Action]) {
        var out: [TransactionLayer.Action] = []
        transactions.handle(event, at: now, into: &out)
        for action in out {
            switch action {
            case .transport(let action): actions.append(.transport(action))
            case .request(let id, let request, _): serve(request, id, at: now, into: &actions)
            case .ack(let request, _): acknowledged(request, at: now, into: &actions)
            case .cancelled(let id, _): cancelled(id, at: now, into: &actions)
            case .response(let id, let response): receive(response, to: id, at: now, into: &actions)
            case .strayResponse(let response, _): acknowledgeAgain(response, at: now, into: &actions)
            case .failed(let id, let status): failed(id, status: status, at: now, into: &actions)
            // RFC 3261 §17.2.1: nobody acknowledged a refusal; it is over all the same.
            case .unacknowledged, .undelivered: break
            case .serverEnded(let id):
                if let key = serving.removeValue(forKey: id) { served[key] = nil }
            case .clientEnded(let id): requests[id] = nil
            case .observe: break
            }
        }
    }
}
