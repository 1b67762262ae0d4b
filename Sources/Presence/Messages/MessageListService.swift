import Primitives
import SIPMessages
import SIPStack

/// The MESSAGE URI-list service (RFC 5365): takes one message with a list of recipients, and sends each of them a copy.
///
/// It sends nothing to anybody who has not agreed (RFC 5363 §5.2). Who lets the sender see their presence has; nobody
/// else. Unless all recipients have, nothing is sent at all, and the answer names those who have not.
package struct MessageListService: Sendable {
    /// The option tag (RFC 5365 §5) of a request that is for this service.
    package static let optionTag = "recipient-list-message"
    /// How many recipients one message may have.
    package static let maximumRecipients = 64
    /// How many copies a sender may have made: so many at once, then one a second.
    static let copies = TokenRate(perSecond: 1, burst: 128)
    /// How long it is waited until a recipient's rules are at hand; shorter than a client's patience.
    static let patience = Interval.seconds(8)
    /// How many messages may wait for that, and how many senders' rates are remembered.
    static let maximumWaiting = 1_024
    static let maximumSenders = 65_536

    /// A message whose recipients are not all known to have agreed.
    private struct Waiting {
        var transaction: ServerTransactionID
        var message: ListMessage
        var sender: AddressOfRecord
        /// What the recipients' rules say to the sender, as far as that is known.
        var handlings: [AddressOfRecord: SubscriptionHandling] = [:]
    }

    private var waiting: [UInt64: Waiting] = [:]
    private var deadlines = DeadlineQueue<UInt64>()
    private var buckets = TokenBuckets<AddressOfRecord>(Self.copies, keys: Self.maximumSenders)
    private var next: UInt64 = 0
    private var random: RandomSource

    package init(random: RandomSource) { self.random = random }

    package var nextDeadline: Instant? { deadlines.earliest }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        switch event {
        case .request(let id, let request, let sender): receive(request, id, from: sender, at: now, &actions)
        case .handling(let recipient, let sender, let handling): take(handling, of: recipient, for: sender, &actions)
        case .rulesChanged(let recipient): askAnew(recipient, &actions)
        case .wake:
            while let number = deadlines.popDue(at: now) {
                guard let late = waiting.removeValue(forKey: number) else { continue }
                refuse(late.message.request, late.transaction, 503, headers: [(.retryAfter, "10")], &actions)
            }
        }
    }

    private mutating func receive(
        _ request: SIPMessage, _ id: ServerTransactionID, from sender: AddressOfRecord?, at now: Instant,
        _ actions: inout [Action]
    ) {
        do throws(SIPParseError) {
            // RFC 3261 §8.2.2.3: what is required and not understood is listed in a 420.
            let unsupported = try request.require.filter { $0.lowercased() != Self.optionTag }
            guard unsupported.isEmpty else {
                return refuse(request, id, 420, headers: unsupported.map { (.unsupported, $0) }, &actions)
            }
            // RFC 5363 §5.2: nothing is done for somebody who is not known.
            guard let sender else { return refuse(request, id, 403, &actions) }
            let message = try ListMessage(request)
            guard waiting.count < Self.maximumWaiting, buckets.take(message.recipients.count, for: sender, at: now)
            else { return refuse(request, id, 503, headers: [(.retryAfter, "60")], &actions) }
            // An address that no user can have has agreed to nothing.
            guard message.strangers.isEmpty else {
                return refuseWithoutConsent(of: message.strangers, message, id, &actions)
            }
            next += 1
            waiting[next] = Waiting(transaction: id, message: message, sender: sender)
            deadlines.set(next, to: now + Self.patience)
            for recipient in message.recipients { actions.append(.ask(recipient, for: sender)) }
        } catch {
            refuse(request, id, error.status, reason: error.reason, &actions)
        }
    }

    private mutating func take(
        _ handling: SubscriptionHandling, of recipient: AddressOfRecord, for sender: AddressOfRecord,
        _ actions: inout [Action]
    ) {
        for number in waiting.keys.sorted() where waiting[number]?.sender == sender {
            guard var message = waiting[number], message.message.recipients.contains(recipient) else { continue }
            message.handlings[recipient] = handling
            waiting[number] = message
            guard message.handlings.count == message.message.recipients.count else { continue }
            waiting[number] = nil
            deadlines.remove(number)
            settle(message, &actions)
        }
    }

    /// The rules of a recipient came, for whom messages may wait.
    private func askAnew(_ recipient: AddressOfRecord, _ actions: inout [Action]) {
        let senders = waiting.values.filter {
            $0.message.recipients.contains(recipient) && $0.handlings[recipient] == nil
        }
        for sender in Set(senders.map(\.sender)).sorted() { actions.append(.ask(recipient, for: sender)) }
    }

    /// RFC 5363 §5.2: all have agreed, or nothing is sent.
    private mutating func settle(_ message: Waiting, _ actions: inout [Action]) {
        let recipients = message.message.recipients
        let missing = recipients.filter { message.handlings[$0]! < .politeBlock }
        guard missing.isEmpty else {
            return refuseWithoutConsent(
                of: missing.map { "\(SIPURI($0))" }, message.message, message.transaction, &actions)
        }
        // RFC 5365 §7: 202 says that it will be tried, and nothing of what came of it.
        let response = message.message.request.response(202, toTag: random.token())
        actions.append(.respond(message.transaction, response))
        // RFC 5025 §3.2.1: who is politely blocked can't tell; here, that nothing arrives.
        let reached = recipients.filter { message.handlings[$0] == .allow }
        for recipient in reached {
            next += 1
            actions.append(.sendRequest(RequestToken(next), message.message.copy(for: recipient, &random)))
        }
        actions.append(.accepted(from: message.sender, copies: reached.count))
    }

    /// RFC 5360 §5.9: 470, with those whose consent is missing.
    private mutating func refuseWithoutConsent(
        of uris: [String], _ message: ListMessage, _ id: ServerTransactionID, _ actions: inout [Action]
    ) {
        let missing = uris.map { (HeaderName("Permission-Missing"), "<\($0)>") }
        refuse(message.request, id, 470, headers: missing, &actions)
    }

    private mutating func refuse(
        _ request: SIPMessage, _ id: ServerTransactionID, _ status: Int, reason: String? = nil,
        headers: [(HeaderName, String)] = [], _ actions: inout [Action]
    ) {
        actions.append(.respond(id, request.response(status, reason, toTag: random.token(), headers: headers)))
    }
}
