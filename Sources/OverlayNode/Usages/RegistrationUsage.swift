import Identity
import Kademlia
import Primitives
import SIPMessages
import SIPStack

/// Maps the registrar's bindings onto registration records, and registration records onto a proxy's targets.
package struct RegistrationUsage: Sendable {
    package enum Action: Sendable {
        case keep(Record)
        case withdraw(Record)
        /// Look the resource up; ``found(_:records:at:into:)`` takes the outcome under the same number.
        case lookUp(UInt64, ResourceID)
        case resolved(LookUpToken, [Target])
        /// A registration names this node and where it is reached.
        case learnt(PublicSigningKey, Endpoint)
    }

    /// Lookups under way at one time; the request that asks for another is told that nobody was found.
    package static let maximumLookups = 10_000

    private struct Pending: Sendable {
        var token: LookUpToken
        var addressOfRecord: AddressOfRecord
    }

    private let node: PublicSigningKey
    private let endpoint: Endpoint
    /// What this node has stored and not withdrawn.
    private var kept: [AddressOfRecord: Record] = [:]
    /// What phones refreshed since their record was signed, whose renewal tells of it.
    private var refreshed: [AddressOfRecord: [RegistrationValue.Contact]] = [:]
    /// Until when what is held of a user lasts.
    private var held: [AddressOfRecord: Instant] = [:]
    /// The highest sequence used before this process began.
    private var lastBefore: Int64 = 0
    private var pending: [UInt64: Pending] = [:]
    private var nextLookup: UInt64 = 0

    package init(node: PublicSigningKey, endpoint: Endpoint) {
        self.node = node
        self.endpoint = endpoint
    }

    /// The resource under which a user's registrations are found.
    package static func resource(of addressOfRecord: AddressOfRecord, domain: PublicSigningKey) -> ResourceID {
        ResourceID(kind: RecordKind.registration.rawValue, domain: domain, name: addressOfRecord.user)
    }

    /// The registrar's bindings of a user are these now.
    ///
    /// A user without an account here (a source that is trusted registered them) is reachable at this node alone,
    /// since nothing can be signed for them.
    package mutating func bindingsChanged(
        _ addressOfRecord: AddressOfRecord, _ bindings: [Binding], account: Account?, at now: Instant,
        into actions: inout [Action]
    ) {
        let contacts = bindings.map {
            RegistrationValue.Contact(
                uri: $0.contact.description, expires: $0.expires, q: UInt16(clamping: $0.preference),
                instance: $0.instance ?? "")
        }
        if let record = kept[addressOfRecord], Self.tells(record, of: contacts, at: now) {
            refreshed[addressOfRecord] = contacts
        } else {
            store(contacts, of: addressOfRecord, account: account, at: now, into: &actions)
        }
    }

    /// Whether a record says the same as one with these contacts would, but that they last longer, and has half of that
    /// time left. Then it is not signed and stored anew: at two thirds of its life ``renew(_:account:at:into:)`` does that,
    /// once for all refreshes until then.
    private static func tells(_ record: Record, of contacts: [RegistrationValue.Contact], at now: Instant) -> Bool {
        guard let known = try? RegistrationValue(decoding: record.value).contacts, !known.isEmpty,
            known.count == contacts.count
        else { return false }
        return zip(known, contacts).allSatisfy { old, new in
            // What ends before the record would be missed before its renewal.
            old.uri == new.uri && old.q == new.q && old.instance == new.instance && old.expires >= record.notAfter
                && new.expires >= old.expires && (record.notAfter - now) * 2 >= new.expires - now
        }
    }

    /// State of the user was published here that is stored nowhere else, and lasts so long; nil when there is none any more.
    /// Where no phone is registered a record without contacts leads those here who ask for it.
    package mutating func holds(
        _ addressOfRecord: AddressOfRecord, until end: Instant?, account: Account?, at now: Instant,
        into actions: inout [Action]
    ) {
        held[addressOfRecord] = end
        let stored = kept[addressOfRecord].flatMap { try? RegistrationValue(decoding: $0.value) }
        let isRegistered = stored?.contacts.contains { $0.expires > now } ?? false
        if !isRegistered { store([], of: addressOfRecord, account: account, at: now, into: &actions) }
    }

    private mutating func store(
        _ contacts: [RegistrationValue.Contact], of addressOfRecord: AddressOfRecord, account: Account?,
        at now: Instant, into actions: inout [Action]
    ) {
        guard let account else { return }
        refreshed[addressOfRecord] = nil
        let last = contacts.map(\.expires).max() ?? now
        // Phones are what others call; only without one does what is held count.
        guard let end = last > now ? last : held[addressOfRecord], end > now else {
            if let record = kept.removeValue(forKey: addressOfRecord) { actions.append(.withdraw(record)) }
            return
        }
        let value = RegistrationValue(node: node, endpoint: endpoint, contacts: last > now ? contacts : [])
        let record = Record(
            kind: .registration, domain: account.certificate.domainKey, name: addressOfRecord.user,
            key: node.nodeID.bits.bytes,
            sequence: AccountUsage.sequence(after: kept[addressOfRecord]?.sequence ?? lastBefore, at: now),
            notAfter: min(end, now + RecordKind.registration.longestLifetime), value: value.encode(),
            authority: .user(account.certificate), signingWith: account.identity.signing, hasGenuineCertificate: true)
        kept[addressOfRecord] = record
        actions.append(.keep(record))
    }

    /// A registration outlasted what a record may, or was refreshed: signs it again for as long as its bindings last.
    package mutating func renew(_ record: Record, account: Account?, at now: Instant, into actions: inout [Action]) {
        guard let account, kept[account.addressOfRecord]?.sequence == record.sequence else { return }
        if let contacts = refreshed[account.addressOfRecord] {
            return store(contacts, of: account.addressOfRecord, account: account, at: now, into: &actions)
        }
        guard let value = try? RegistrationValue(decoding: record.value),
            let last = value.contacts.map(\.expires).max() ?? held[account.addressOfRecord], last > record.notAfter
        else { return }
        let renewed = Record(
            kind: .registration, domain: record.domain, name: record.name, key: record.key,
            sequence: record.sequence, notAfter: min(last, now + RecordKind.registration.longestLifetime),
            value: record.value, authority: .user(account.certificate), signingWith: account.identity.signing,
            hasGenuineCertificate: true)
        kept[account.addressOfRecord] = renewed
        actions.append(.keep(renewed))
    }

    /// A record of an earlier process had this sequence.
    package mutating func goOn(after sequence: Int64) { lastBefore = max(lastBefore, sequence) }

    /// The user is no user any more: the record to withdraw, if there is one.
    package mutating func release(_ addressOfRecord: AddressOfRecord) -> Record? {
        held[addressOfRecord] = nil
        refreshed[addressOfRecord] = nil
        return kept.removeValue(forKey: addressOfRecord)
    }

    /// The node says good-bye: nobody is reachable through it any more.
    package mutating func withdrawAll(into actions: inout [Action]) {
        for (_, record) in kept.sorted(by: { $0.key < $1.key }) { actions.append(.withdraw(record)) }
        kept = [:]
        refreshed = [:]
    }

    /// The proxy asks at which other nodes a user is.
    package mutating func lookUp(
        _ token: LookUpToken, _ addressOfRecord: AddressOfRecord, domain: PublicSigningKey?,
        into actions: inout [Action]
    ) {
        guard let domain, pending.count < Self.maximumLookups else {
            actions.append(.resolved(token, []))
            return
        }
        nextLookup += 1
        pending[nextLookup] = Pending(token: token, addressOfRecord: addressOfRecord)
        actions.append(.lookUp(nextLookup, Self.resource(of: addressOfRecord, domain: domain)))
    }

    /// A lookup ended with these records, each verified to be the user's.
    package mutating func found(
        _ number: UInt64, records: [Record], at now: Instant, into actions: inout [Action]
    ) {
        guard let asked = pending.removeValue(forKey: number) else { return }
        var targets: [Target] = []
        for record in records {
            guard let value = Self.value(of: record), value.node != node else { continue }
            let live = value.contacts.filter { $0.expires > now }
            guard let best = live.map(\.q).max() else { continue }
            actions.append(.learnt(value.node, value.endpoint))
            let devices = live.map(\.instance).filter { !$0.isEmpty }.map(Binding.canonicalInstance)
            var known: Set<String> = []
            targets.append(
                Target(
                    requestURI: SIPURI(asked.addressOfRecord), nextHop: .node(value.node.nodeID),
                    preference: Int(best), devices: devices.filter { known.insert($0).inserted },
                    hasUnnamedDevices: devices.count < live.count))
        }
        actions.append(.resolved(asked.token, targets))
    }

    /// The content of a registration record whose key is the node that it names; nil for any other.
    ///
    /// The user signed both, yet a record that names one node under another's key would let a node that keeps one
    /// user's keys alone speak for where another is.
    package static func value(of record: Record) -> RegistrationValue? {
        guard record.kind == .registration, let value = try? RegistrationValue(decoding: record.value),
            record.key == value.node.nodeID.bits.bytes
        else { return nil }
        return value
    }
}
