import Primitives
import SIPMessages
import SIPStack

/// The subscriber's side of RFC 6665 §4.1: any number of subscriptions, each kept alive until its owner ends it.
///
/// A subscription that is lost is begun anew in a new dialog where that makes sense; its owner sees one subscription
/// under one number all along.
package struct Subscriber: Sendable {
    /// RFC 6665 §4.1.2.4: Timer N, 64·T1: how long a NOTIFY may be in coming after a SUBSCRIBE.
    static let timerN = Interval.seconds(32)
    /// After a failure the next attempt waits this long, twice as long each time, up to the longest.
    static let shortestRetry = Interval.seconds(4)
    static let longestRetry = Interval.minutes(15)
    /// A time asked for by a notifier's Retry-After or Min-Expires is believed up to this.
    static let longestWish = Interval.hours(24)
    /// A request is repeated this often in a row with what its answer asked for: credentials, again because the nonce
    /// was stale, a longer time.
    static let maximumChallenges = 3
    /// A notifier that ends a subscription sooner than this is not asked again at once.
    static let shortestLife = Interval.seconds(30)

    var random: RandomSource
    var watches: [UInt64: Watch] = [:]
    /// Which subscription a dialog belongs to, by the tag that was made for it here.
    var tags: [String: UInt64] = [:]
    /// SUBSCRIBEs that have not been answered, by request token.
    var outstanding: [RequestToken: UInt64] = [:]
    var deadlines = DeadlineQueue<Deadline>()
    var lastToken: UInt64 = 0

    enum Deadline: Hashable, Sendable {
        /// Time to refresh, or to begin again.
        case next(UInt64)
        /// No NOTIFY followed a SUBSCRIBE.
        case timerN(UInt64)
        /// The time that the notifier granted is over.
        case expiry(UInt64)
    }

    package init(random: RandomSource) { self.random = random }

    /// When the subscriber wants to be woken.
    package var nextDeadline: Instant? { deadlines.earliest }

    /// How many subscriptions there are, those that wait for another attempt included.
    package var count: Int { watches.count }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        while let due = deadlines.popDue(at: now) {
            switch due {
            case .next(let number): proceed(number, at: now, &actions)
            // RFC 6665 §4.1.2.2 and §4.1.2.4: without a NOTIFY the subscription failed, or is gone.
            case .timerN(let number): lose(number, .noNotify, at: now, &actions)
            case .expiry(let number): lose(number, .expired, at: now, &actions)
            }
        }
        switch event {
        case .subscribe(let number, let target): begin(number, target, at: now, &actions)
        case .unsubscribe(let number): unsubscribe(number, at: now, &actions)
        case .hasten(let number): hasten(number, at: now)
        case .request(let transaction, let message): notified(message, transaction, at: now, &actions)
        case .response(let token, let response): answered(token, response, at: now, &actions)
        case .requestFailed(let token, let status): failed(token, status: status, retryAfter: nil, at: now, &actions)
        case .credentials(let number, let headers): repeatRequest(number, with: headers, at: now, &actions)
        case .wake: break
        }
    }
}
