import Identity
import Kademlia
import Presence
import Primitives
import SIPMessages
import SIPStack

/// Maps messages to users who are away onto mailbox records, and those onto MESSAGE requests when the users return.
///
/// The node at which the sender is known leaves the message, sealed to the recipient and signed by the sender. Whichever
/// node holds the recipient's account looks into the mailbox when they register, delivers one message after the other,
/// the oldest first, and erases what has arrived.
package struct MailboxUsage: Sendable {
    package enum Action: Sendable {
        /// ``found(_:_:accounts:at:random:into:)`` takes the outcome under the same number.
        case lookUp(UInt64, RecordKind, ResourceID)
        /// ``stored(_:_:into:)`` takes the outcome under the same number; nil for one that nobody waits for.
        case store(UInt64?, Record)
        case respond(ServerTransactionID, SIPMessage)
        /// ``answered(_:status:accounts:at:random:into:)`` takes the status of the final response.
        case send(UInt64, SIPMessage)
        /// What the rules of a user say decides whether a stranger's message is delivered: they should be known.
        case consult(AddressOfRecord)
        case observe(Observation)
    }

    /// Messages on their way into mailboxes at one time.
    package static let maximumDeposits = 1_000
    /// Mailboxes that are looked into at one time; after a restart all users of a gateway come back at once.
    package static let maximumLookups = 16
    /// A mailbox is looked into again with a refreshed registration, when the last look is as long ago: somebody may have
    /// found its owner unreachable meanwhile.
    package static let lookInterval = Interval.seconds(600)

    private struct Deposit: Sendable {
        let message: AbsentMessage
        let content: MailboxMessage
    }

    /// What a number stands for.
    private enum Purpose: Sendable {
        /// The recipient's certificate is looked for.
        case certificate(Deposit)
        case deposit(AbsentMessage)
        case look(AddressOfRecord)
        case delivery(AddressOfRecord)
    }

    /// A mailbox that is being emptied.
    private struct Collection: Sendable {
        /// The next one last.
        var waiting: [(message: MailboxMessage, record: Record)] = []
        var current: (message: MailboxMessage, record: Record)?
    }

    private var purposes: [UInt64: Purpose] = [:]
    private var nextNumber: UInt64 = 0
    private var deposits = 0
    private var lookups = 0
    /// Users whose mailbox is to be looked into, in order.
    private var toLook: [AddressOfRecord] = []
    private var lastLook: [AddressOfRecord: Instant] = [:]
    private var collections: [AddressOfRecord: Collection] = [:]
    /// Users for whom messages wait until their rules say something of the senders.
    private var undecided: Set<AddressOfRecord> = []

    package init() {}

    package static func resource(of user: AddressOfRecord, domain: PublicSigningKey) -> ResourceID {
        ResourceID(kind: RecordKind.mailbox.rawValue, domain: domain, name: user.user)
    }

    // MARK: Leaving a message

    /// A MESSAGE reached nobody.
    ///
    /// - Parameter domain: the key of the recipient's domain; nil when it is not known.
    package mutating func absent(
        _ message: AbsentMessage, domain: PublicSigningKey?, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        guard let domain, accounts.account(message.sender) != nil, deposits < Self.maximumDeposits,
            let content = MailboxMessage(message.request, from: message.sender, at: now)
        else {
            refuse(message, random: &random, into: &actions)
            return
        }
        let deposit = Deposit(message: message, content: content)
        deposits += 1
        if let account = accounts.account(message.recipient) {
            leave(deposit, for: account.certificate, accounts: accounts, at: now, random: &random, into: &actions)
            return
        }
        let number = number(for: .certificate(deposit))
        let resource = ResourceID(
            kind: RecordKind.certificate.rawValue, domain: domain, name: message.recipient.user)
        actions.append(.lookUp(number, .certificate, resource))
    }

    private mutating func leave(
        _ deposit: Deposit, for recipient: UserCertificate, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        guard let sender = accounts.account(deposit.message.sender),
            let box = deposit.content.seal(to: recipient.agreementKey, random: &random)
        else {
            deposits -= 1
            refuse(deposit.message, random: &random, into: &actions)
            return
        }
        let record = Record(
            kind: .mailbox, domain: recipient.domainKey, name: recipient.aor.user,
            key: sender.identity.publicKey.bytes + random.bytes(16), sequence: 1,
            notAfter: now + RecordKind.mailbox.longestLifetime, value: box, authority: .user(sender.certificate),
            signingWith: sender.identity.signing, hasGenuineCertificate: true)
        actions.append(.store(number(for: .deposit(deposit.message)), record))
    }

    /// A message is kept as soon as one other node, or this one, has it.
    package mutating func stored(
        _ number: UInt64, _ outcome: StoreOutcome, random: inout RandomSource, into actions: inout [Action]
    ) {
        guard case .deposit(let message)? = purposes.removeValue(forKey: number) else { return }
        deposits -= 1
        guard outcome.replicas > 0 else {
            refuse(message, random: &random, into: &actions)
            return
        }
        // RFC 3428 §7: 202 says that the message is kept and not delivered yet.
        actions.append(.respond(message.id, message.request.response(202, toTag: random.token(12))))
        let text = "message from \(message.sender) is kept for \(message.recipient), who is away"
        actions.append(.observe(Observation(.event, "message-kept", text)))
    }

    private func refuse(_ message: AbsentMessage, random: inout RandomSource, into actions: inout [Action]) {
        actions.append(.respond(message.id, message.request.response(message.status, toTag: random.token(12))))
    }

    // MARK: Looking into a mailbox

    /// A user is registered here, newly or still.
    package mutating func registered(
        _ user: AddressOfRecord, account: Account?, at now: Instant, into actions: inout [Action]
    ) {
        guard let account, collections[user] == nil else { return }
        if let last = lastLook[user], now - last < Self.lookInterval { return }
        lastLook[user] = now
        toLook.append(account.addressOfRecord)
        lookIntoNext(accountDomain: { _ in account.certificate.domainKey }, into: &actions)
    }

    /// The user is not registered here any more: the next registration is a return.
    package mutating func unregistered(_ user: AddressOfRecord) {
        lastLook[user] = nil
        undecided.remove(user)
    }

    /// The rules of a user are known now, or say something else.
    package mutating func rulesChanged(
        of user: AddressOfRecord, account: Account?, at now: Instant, into actions: inout [Action]
    ) {
        guard undecided.contains(user) else { return }
        lastLook[user] = nil
        registered(user, account: account, at: now, into: &actions)
    }

    private mutating func lookIntoNext(
        accountDomain: (AddressOfRecord) -> PublicSigningKey?, into actions: inout [Action]
    ) {
        while lookups < Self.maximumLookups, !toLook.isEmpty {
            let user = toLook.removeFirst()
            guard let domain = accountDomain(user) else { continue }
            lookups += 1
            actions.append(.lookUp(number(for: .look(user)), .mailbox, Self.resource(of: user, domain: domain)))
        }
    }

    /// A lookup ended.
    package mutating func found(
        _ number: UInt64, _ records: [Record], accounts: AccountUsage, presence: PresenceAgent, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        switch purposes.removeValue(forKey: number) {
        case .certificate(let deposit):
            let certificates = records.compactMap { record -> UserCertificate? in
                guard case .user(let certificate) = record.authority else {
                    return try? UserCertificate(decoding: record.value)
                }
                return certificate
            }
            let newest = certificates.filter { $0.aor == deposit.message.recipient }.max { $0.serial < $1.serial }
            guard let newest else {
                deposits -= 1
                refuse(deposit.message, random: &random, into: &actions)
                return
            }
            leave(deposit, for: newest, accounts: accounts, at: now, random: &random, into: &actions)
        case .look(let user):
            lookups -= 1
            collect(records, of: user, accounts: accounts, presence: presence, at: now, into: &actions)
            deliverNext(to: user, random: &random, into: &actions)
            lookIntoNext(accountDomain: { accounts.account($0)?.certificate.domainKey }, into: &actions)
        default: break
        }
    }

    private mutating func collect(
        _ records: [Record], of user: AddressOfRecord, accounts: AccountUsage, presence: PresenceAgent,
        at now: Instant, into actions: inout [Action]
    ) {
        guard let account = accounts.account(user) else { return }
        var collection = Collection()
        for record in records {
            // What can't be read is nothing of ours, and ends by itself.
            guard case .user(let certificate) = record.authority,
                let message = try? MailboxMessage(opening: record.value, with: account.identity.agreement),
                message.sender == certificate.aor
            else { continue }
            switch Self.handling(of: message.sender, by: user, presence: presence, at: now) {
            case .allow: collection.waiting.append((message, record))
            case .confirm: if undecided.insert(user).inserted { actions.append(.consult(user)) }
            case .block, .politeBlock: erase(record, by: account, into: &actions)
            }
        }
        guard !collection.waiting.isEmpty else { return }
        collection.waiting.sort {
            ($0.message.sent, $0.record.key.first ?? 0) > ($1.message.sent, $1.record.key.first ?? 0)
        }
        collections[user] = collection
    }

    /// RFC 5360 §4: who is a stranger needs the recipient's consent. Users of one domain have it, as when both are there;
    /// for others the recipient's presence rules say whether they are welcome.
    private static func handling(
        of sender: AddressOfRecord, by user: AddressOfRecord, presence: PresenceAgent, at now: Instant
    ) -> SubscriptionHandling {
        sender.host == user.host ? .allow : presence.handling(of: sender, by: user, at: now) ?? .confirm
    }

    // MARK: Delivering

    private mutating func deliverNext(
        to user: AddressOfRecord, random: inout RandomSource, into actions: inout [Action]
    ) {
        guard let next = collections[user]?.waiting.popLast() else {
            collections[user] = nil
            return
        }
        collections[user]!.current = next
        let request = next.message.request(to: user, random: &random)
        actions.append(.send(number(for: .delivery(user)), request))
    }

    /// A delivery has its final response, or none. What was not taken waits for the next registration.
    package mutating func answered(
        _ number: UInt64, status: Int, accounts: AccountUsage, random: inout RandomSource, into actions: inout [Action]
    ) {
        guard status >= 200, case .delivery(let user)? = purposes.removeValue(forKey: number),
            let current = collections[user]?.current
        else { return }
        guard status < 300 else {
            collections[user] = nil
            lastLook[user] = nil
            return
        }
        if let account = accounts.account(user) { erase(current.record, by: account, into: &actions) }
        let text = "message from \(current.message.sender) delivered to \(user), who is back"
        actions.append(.observe(Observation(.event, "message-delivered", text)))
        deliverNext(to: user, random: &random, into: &actions)
    }

    /// The owner of a mailbox may erase what others left in it (docs/protocol.md §4.4).
    private func erase(_ record: Record, by account: Account, into actions: inout [Action]) {
        let tombstone = Record(
            kind: .mailbox, domain: record.domain, name: record.name, key: record.key, sequence: record.sequence + 1,
            notAfter: record.notAfter, value: [], isTombstone: true, authority: .user(account.certificate),
            signingWith: account.identity.signing, hasGenuineCertificate: true)
        actions.append(.store(nil, tombstone))
    }

    private mutating func number(for purpose: Purpose) -> UInt64 {
        nextNumber += 1
        purposes[nextNumber] = purpose
        return nextNumber
    }
}
