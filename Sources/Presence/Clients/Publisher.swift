import Primitives
import SIPMessages
import SIPStack

/// The client's side of RFC 3903 §4: keeps one publication of one presentity alive at its event state compositor.
package struct Publisher: Sendable {
    /// After a failure the next attempt waits this long, twice as long each time, up to the longest.
    static let shortestRetry = Interval.seconds(4)
    static let longestRetry = Interval.minutes(15)
    /// A time asked for by Retry-After or Min-Expires is believed up to this.
    static let longestWish = Interval.hours(24)
    /// A request is repeated this often in a row with what its answer asked for: credentials, again because the nonce
    /// was stale, a longer time.
    static let maximumChallenges = 3

    /// What can happen to the publisher.
    package enum Event: Sendable {
        /// The document to publish from now on. While a request is under way only the newest one waits.
        case publish([UInt8])
        /// Nothing is to be published any more.
        case remove
        /// A final response to the PUBLISH of that token.
        case response(RequestToken, SIPMessage)
        /// The PUBLISH of that token got no response; the status says why (408 or 503: RFC 3261 §8.1.3.1).
        case requestFailed(RequestToken, status: Int)
        /// The answer to ``Action/needsCredentials(challenge:request:)``: header fields to repeat the request with; nil
        /// when there are none to give.
        case credentials([CredentialField]?)
        /// The deadline has come.
        case wake
    }

    /// What the publisher wants done, in this order.
    package enum Action: Sendable {
        /// A PUBLISH. The token comes back with its outcome; nil sends it by its Route and Request-URI.
        case sendRequest(RequestToken, SIPMessage, to: NextHop?)
        /// The request was challenged with 401 or 407; `Event.credentials` answers.
        case needsCredentials(challenge: SIPMessage, request: SIPMessage)
        /// The newest document is at the compositor, until then if it is not refreshed before.
        case published(until: Instant)
        /// Nothing is published any more.
        case removed
        /// A PUBLISH was refused or not answered; it is tried again then, or never with nil.
        case failed(status: Int, retry: Instant?)
    }

    /// The presentity: Request-URI, To and From (RFC 3903 §4).
    package let presentity: SIPURI
    package var nextHop: NextHop?
    private var expires: Interval
    private var random: RandomSource
    private let callID: String
    private let tag: String
    private var sequence: UInt32 = 0

    /// What is to be published; nil for nothing.
    private var document: [UInt8]?
    /// What the compositor holds of it, under ``entityTag``.
    private var published: [UInt8]?
    private var entityTag: String?
    private var pending: Pending?
    /// Whether a challenge waits for `Event.credentials`.
    private var isChallenged = false
    private var challenges = 0
    private var failures = 0
    /// When to refresh or try again.
    private var next: Instant?

    /// A PUBLISH under way.
    private struct Pending: Sendable {
        var token: RequestToken
        var request: SIPMessage
        /// The document it carries or refreshes; nil when it removes.
        var document: [UInt8]?
        var expires: Interval
    }

    package init(
        presentity: SIPURI, expires: Interval = .seconds(3600), nextHop: NextHop? = nil, random: RandomSource
    ) {
        self.presentity = presentity
        self.expires = expires
        self.nextHop = nextHop
        self.random = random
        callID = self.random.token(26)
        tag = self.random.token()
    }

    /// When the publisher wants to be woken.
    package var nextDeadline: Instant? { pending == nil ? next : nil }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        switch event {
        case .publish(let newest):
            document = newest
            if failures == 0 { next = nil }
            advance(at: now, &actions)
        case .remove:
            document = nil
            next = nil
            advance(at: now, &actions)
        case .response(let token, let response): answered(token, response, at: now, &actions)
        case .requestFailed(let token, let status):
            guard pending?.token == token else { return }
            failed(status: status, retryAfter: nil, at: now, &actions)
        case .credentials(let fields): repeatRequest(with: fields, at: now, &actions)
        case .wake: break
        }
        if let next, next <= now, pending == nil {
            self.next = nil
            send(at: now, &actions)
        }
    }

    /// Sends what is newer than what the compositor has.
    ///
    /// RFC 3903 §4: never a new PUBLISH while another one is unanswered.
    private mutating func advance(at now: Instant, _ actions: inout [Action]) {
        guard pending == nil, next == nil, document != published else { return }
        send(at: now, &actions)
    }

    /// The operation is told by body, SIP-If-Match and Expires (RFC 3903 §4.1, table 1).
    private mutating func send(
        credentials: [CredentialField] = [], at now: Instant, _ actions: inout [Action]
    ) {
        guard document != nil || entityTag != nil else {
            // There is nothing at the compositor to remove.
            published = nil
            actions.append(.removed)
            return
        }
        sequence += 1
        let asked = document == nil ? .zero : expires
        var headers: [(HeaderName, String)] = [
            (.maxForwards, "70"), (.from, "<\(presentity)>;tag=\(tag)"), (.to, "<\(presentity)>"), (.callID, callID),
            (.cseq, "\(sequence) PUBLISH"), (.event, EventPackage.presence.rawValue),
            (.expires, "\(asked.secondsRoundedUp)"),
        ]
        if let entityTag { headers.append((.sipIfMatch, entityTag)) }
        headers += credentials.map { ($0.name, $0.value) }
        // §4.3 and §4.5: a refresh and a removal have no body.
        let body = entityTag == nil || document != published ? document ?? [] : []
        let request = SIPMessage.request(
            .publish, uri: presentity, headers: headers, body: body, contentType: body.isEmpty ? nil : PIDF.contentType)
        let token = RequestToken(UInt64(sequence))
        pending = Pending(token: token, request: request, document: document, expires: asked)
        actions.append(.sendRequest(token, request, to: nextHop))
    }

    private mutating func repeatRequest(
        with fields: [CredentialField]?, at now: Instant, _ actions: inout [Action]
    ) {
        guard isChallenged else { return }
        isChallenged = false
        pending = nil
        if let fields {
            send(credentials: fields, at: now, &actions)
        } else {
            published = document
            actions.append(.failed(status: 401, retry: nil))
        }
    }

    private mutating func answered(
        _ token: RequestToken, _ response: SIPMessage, at now: Instant, _ actions: inout [Action]
    ) {
        guard let request = pending, request.token == token, !isChallenged, let status = response.statusCode,
            status >= 200
        else { return }
        if status >= 300 { challenges += 1 }
        switch status {
        case 200..<300:
            pending = nil
            challenges = 0
            failures = 0
            accepted(request, response, at: now, &actions)
        case 401 where challenges <= Self.maximumChallenges, 407 where challenges <= Self.maximumChallenges:
            // The request stays pending until there are credentials, so that nothing overtakes it.
            isChallenged = true
            actions.append(.needsCredentials(challenge: response, request: request.request))
        case 412 where entityTag != nil:
            // RFC 3903 §5: the tag is discarded, the same request not repeated, the state published anew.
            pending = nil
            entityTag = nil
            published = nil
            advance(at: now, &actions)
            if document == nil { actions.append(.removed) }
        case 423 where challenges <= Self.maximumChallenges:
            // RFC 3903 §5: again with at least Min-Expires.
            guard let minimum = response.minExpires, Interval.seconds(minimum) > request.expires,
                Interval.seconds(minimum) <= Self.longestWish
            else { return failed(status: status, retryAfter: nil, at: now, &actions) }
            pending = nil
            expires = .seconds(minimum)
            send(at: now, &actions)
        default:
            let retryAfter = (try? response.retryAfter).flatMap { $0 }.map { Interval.seconds($0.seconds) }
            failed(status: status, retryAfter: retryAfter, at: now, &actions)
        }
    }

    private mutating func accepted(
        _ request: Pending, _ response: SIPMessage, at now: Instant, _ actions: inout [Action]
    ) {
        published = request.document
        if request.document == nil {
            entityTag = nil
            actions.append(.removed)
        } else {
            // RFC 3903 §4.2 and §4.3: the tag of the answer takes the place of the one before; so does the time, which
            // is never longer than what was asked for.
            entityTag = (try? response.sipETag).flatMap { $0 }
            let granted = min(response.expires.map { Interval.seconds($0) } ?? request.expires, request.expires)
            next = now + random.jittered(granted, by: 0.75...0.9)
            actions.append(.published(until: now + granted))
        }
        if document != published {
            next = nil
            advance(at: now, &actions)
        }
    }

    private mutating func failed(
        status: Int, retryAfter: Interval?, at now: Instant, _ actions: inout [Action]
    ) {
        guard let request = pending else { return }
        pending = nil
        challenges = 0
        failures += 1
        let asked = retryAfter.map { min($0, Self.longestWish) }
        let doubled = Self.shortestRetry * Double(1 << min(failures - 1, 10))
        let backOff = random.jittered(min(doubled, Self.longestRetry), by: 0.8...1.2)
        var wait: Interval?
        switch status {
        // What may pass. RFC 3261 §21: Retry-After says when.
        case 408, 480, 500, 502, 503, 504: wait = max(asked ?? .zero, backOff)
        // The same request would fail again: nothing is sent until there is another document.
        default: wait = asked
        }
        next = wait.map { now + $0 }
        if wait == nil {
            published = request.document
            entityTag = nil
            failures = 0
        }
        actions.append(.failed(status: status, retry: next))
    }
}
