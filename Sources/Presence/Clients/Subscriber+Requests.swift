import Primitives
import SIPMessages
import SIPStack

/// SUBSCRIBE and its answers (RFC 6665 §4.1.2).
extension Subscriber {
    mutating func begin(
        _ number: UInt64, _ target: SubscriptionTarget, at now: Instant, _ actions: inout [Action]
    ) {
        if watches[number] != nil {
            watches[number]!.target = target
            watches[number]!.expires = target.expires
            watches[number]!.isEnding = false
            if watches[number]!.dialog != nil { return }
        } else {
            watches[number] = Watch(target: target, expires: target.expires, began: now)
        }
        start(number, at: now, &actions)
    }

    /// A first SUBSCRIBE, in a dialog of its own with a fresh Call-ID and From tag (RFC 6665 §4.1.2.2).
    private mutating func start(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard var watch = watches[number] else { return }
        let tag = random.token()
        watch.dialog = SubscriptionDialog(
            callID: random.token(26), localTag: tag, local: "<\(watch.target.watcher)>;tag=\(tag)",
            remote: "<\(watch.target.resource)>", remoteTarget: watch.target.resource)
        watch.isEstablished = false
        watch.hasSentEnd = false
        watch.challenges = 0
        watch.began = now
        watch.grantedUntil = nil
        tags[tag] = number
        watches[number] = watch
        send(number, expires: watch.expires, at: now, &actions)
    }

    /// Refreshes, or begins again: whichever the time has come for.
    mutating func proceed(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard let watch = watches[number], watch.outstanding == nil else { return }
        if watch.dialog == nil {
            start(number, at: now, &actions)
        } else {
            send(number, expires: watch.isEnding ? .zero : watch.expires, at: now, &actions)
        }
    }

    /// Has the next attempt come within seconds: at another time for each, as there may be many of them.
    mutating func hasten(_ number: UInt64, at now: Instant) {
        guard let watch = watches[number], watch.outstanding == nil, !watch.isEnding else { return }
        let soon = now + random.jittered(Self.shortestRetry, by: 0.25...1)
        if let planned = deadlines[.next(number)], planned <= soon { return }
        deadlines.set(.next(number), to: soon)
    }

    private mutating func send(
        _ number: UInt64, expires: Interval, credentials: [CredentialField] = [], at now: Instant,
        _ actions: inout [Action]
    ) {
        guard var watch = watches[number], watch.dialog != nil else { return }
        lastToken += 1
        let token = RequestToken(lastToken)
        var headers: [(HeaderName, String)] = [
            (.contact, "<\(watch.target.contact)>"), (.event, watch.target.event.description),
            (.expires, "\(expires.secondsRoundedUp)"), (.accept, watch.target.accept.joined(separator: ", ")),
        ]
        headers += credentials.map { ($0.name, $0.value) }
        let request = watch.dialog!.request(.subscribe, headers: headers)
        watch.outstanding = token
        watch.lastRequest = request
        if watch.isEnding, expires == .zero { watch.hasSentEnd = true }
        outstanding[token] = number
        watches[number] = watch
        // RFC 6665 §4.1.2.2 and §4.1.2.4: Timer N runs from every SUBSCRIBE to the NOTIFY that it brings.
        deadlines.set(.timerN(number), to: now + Self.timerN)
        actions.append(.sendRequest(token, request, to: watch.target.nextHop))
    }

    mutating func repeatRequest(
        _ number: UInt64, with credentials: [CredentialField]?, at now: Instant, _ actions: inout [Action]
    ) {
        guard let watch = watches[number], watch.outstanding == nil, let last = watch.lastRequest else { return }
        guard let credentials else {
            return lose(number, .refused(status: 401), at: now, &actions)
        }
        let expires = watch.isEnding ? .zero : last.expires.map { Interval.seconds($0) } ?? watch.expires
        send(number, expires: expires, credentials: credentials, at: now, &actions)
    }

    /// RFC 6665 §4.1.2.3: unsubscribing is a refresh with an expiry of 0, and its last NOTIFY is waited for. Where no
    /// NOTIFY has made a dialog yet there is nothing to refresh: one that comes is answered with 481, which ends the
    /// subscription at the notifier (§4.2.2).
    mutating func unsubscribe(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard let watch = watches[number], !watch.isEnding else { return }
        watches[number]!.isEnding = true
        guard watch.dialog != nil, watch.isEstablished else {
            forget(number)
            actions.append(.ended(number, .done, retry: nil))
            return
        }
        deadlines.remove(.next(number))
        if watch.outstanding == nil { send(number, expires: .zero, at: now, &actions) }
    }

    /// A final response to a SUBSCRIBE.
    mutating func answered(_ token: RequestToken, _ response: SIPMessage, at now: Instant, _ actions: inout [Action]) {
        guard let status = response.statusCode, status >= 200 else { return }
        let retryAfter = (try? response.retryAfter).flatMap { $0 }.map { Interval.seconds($0.seconds) }
        guard status < 300 || status == 401 || status == 407 || status == 423 else {
            return failed(token, status: status, retryAfter: retryAfter, at: now, &actions)
        }
        guard let number = outstanding.removeValue(forKey: token), var watch = watches[number] else { return }
        watch.outstanding = nil
        let asked = watch.lastRequest?.expires ?? 0
        if status >= 300 { watch.challenges += 1 }
        switch status {
        case 401, 407:
            watches[number] = watch
            guard watch.challenges <= Self.maximumChallenges, let request = watch.lastRequest else {
                return lose(number, .refused(status: status), at: now, &actions)
            }
            actions.append(.needsCredentials(number, challenge: response, request: request))
        case 423:
            // RFC 3261 §10.3 and RFC 6665 §4.2.1.1: Min-Expires names what would do; anything else would be refused again.
            watches[number] = watch
            guard watch.challenges <= Self.maximumChallenges, let minimum = response.minExpires, minimum > asked,
                Interval.seconds(minimum) <= Self.longestWish
            else { return lose(number, .refused(status: status), at: now, &actions) }
            watches[number]!.expires = .seconds(minimum)
            send(number, expires: .seconds(minimum), at: now, &actions)
        default:
            watch.challenges = 0
            // RFC 6665 §4.1.2.1: the time granted, which is never longer than what was asked for.
            let granted = Interval.seconds(min(response.expires ?? asked, asked))
            watches[number] = watch
            if watch.isEnding, !watch.hasSentEnd {
                send(number, expires: .zero, at: now, &actions)
            } else if granted > .zero {
                grant(number, until: now + granted, at: now)
            }
        }
    }

    /// Notes how long the subscription lasts, and refreshes well before that: at a time drawn from three quarters to
    /// nine tenths of it, so that subscriptions made together are not refreshed together.
    mutating func grant(_ number: UInt64, until end: Instant, at now: Instant) {
        guard watches[number] != nil else { return }
        watches[number]!.grantedUntil = end
        deadlines.set(.expiry(number), to: end)
        if !watches[number]!.isEnding {
            deadlines.set(.next(number), to: now + random.jittered(end - now, by: 0.75...0.9))
        }
    }

    /// A SUBSCRIBE that was refused or not answered.
    mutating func failed(
        _ token: RequestToken, status: Int, retryAfter: Interval?, at now: Instant, _ actions: inout [Action]
    ) {
        guard let number = outstanding.removeValue(forKey: token), let watch = watches[number] else { return }
        watches[number]!.outstanding = nil
        // RFC 6665 §4.1.2.2: other failures of a refresh leave the subscription valid for the time that was granted; it
        // is tried again in that time.
        if watch.isEstablished, !watch.isEnding, !Self.endsSubscription(status), let end = watch.grantedUntil {
            deadlines.remove(.timerN(number))
            watches[number]!.failures += 1
            let wait = max(backOff(after: watch.failures + 1), min(retryAfter ?? .zero, Self.longestWish))
            if now + wait < end { deadlines.set(.next(number), to: now + wait) }
            return
        }
        lose(number, .refused(status: status), retryAfter: retryAfter, at: now, &actions)
    }

    /// RFC 6665 §4.1.2.2: the answers to a refresh that say that the subscription is gone.
    static func endsSubscription(_ status: Int) -> Bool {
        switch status {
        case 404, 405, 410, 416, 480...485, 489, 501, 604: true
        default: false
        }
    }

    mutating func backOff(after failures: Int) -> Interval {
        let doubled = Self.shortestRetry * Double(1 << min(failures - 1, 10))
        return random.jittered(min(doubled, Self.longestRetry), by: 0.8...1.2)
    }
}
