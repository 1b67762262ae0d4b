import Identity
import Kademlia
import Primitives
import SIPStack

/// The domains this node belongs to and the users it speaks for, the same at every gateway of a domain.
///
/// Each account is a record signed by the domain and encrypted for the domain's gateways alone. Accounts are spread
/// over ``shardCount`` resources, each a dictionary of users, which every gateway watches: an account that is
/// added, changed or removed at one is known at all, and outlives any of them.
package struct AccountUsage: Sendable {
    package enum Action: Sendable {
        case persist(JournalEntry)
        case forget(JournalRoom, key: [UInt8])
        /// What the registrar and proxy check requests against; nil for a user who is gone.
        case credentials(AddressOfRecord, Credentials?)
        /// The user is going: what was signed for them is to be withdrawn while that is still possible.
        case removing(Account)
        /// Store the record and keep it alive.
        case keep(Record)
        case watch(ResourceID, RecordKind)
        case observe(Observation)
    }

    /// How many resources a domain's accounts are spread over: few enough to watch all, enough that 32,000 users
    /// make no resource larger than the 1,024 records that its storing nodes accept.
    package static let shardCount: UInt8 = 32
    /// How long a user's certificate lasts. A gateway signs a new one when a sixth of it is left.
    package static let certificateLifetime = Interval.hours(365 * 24)

    package private(set) var memberships: [String: Membership] = [:]
    package private(set) var accounts: [AddressOfRecord: Account] = [:]

    package init() {}

    /// Membership in the domain of `addressOfRecord`, if this node has one.
    package func membership(of addressOfRecord: AddressOfRecord) -> Membership? { memberships[addressOfRecord.host] }

    package func account(_ addressOfRecord: AddressOfRecord) -> Account? { accounts[addressOfRecord] }

    package mutating func restore(_ entry: JournalEntry, into actions: inout [Action]) throws(MalformedBytes) {
        switch entry.room {
        case .domain:
            let membership = try Membership(decoding: entry.value)
            memberships[membership.name] = membership
        case .account:
            let account = try Account(decoding: entry.value)
            accounts[account.addressOfRecord] = account
            actions.append(.credentials(account.addressOfRecord, account.credentials))
        default: break
        }
    }

    /// Publishes what this node answers for as a gateway and watches what other gateways change.
    package mutating func start(at now: Instant, into actions: inout [Action]) {
        for membership in sortedMemberships where membership.identity != nil { watchShards(of: membership, &actions) }
        for account in accounts.values.sorted(by: { $0.addressOfRecord < $1.addressOfRecord }) {
            renewIfDue(account, at: now, into: &actions)
            publish(accounts[account.addressOfRecord]!, at: now, into: &actions)
        }
    }

    package var sortedMemberships: [Membership] { memberships.values.sorted { $0.name < $1.name } }

    // MARK: Domains

    package mutating func createDomain(
        _ name: String, random: inout RandomSource, into actions: inout [Action]
    ) throws(CommandFailure) {
        let name = name.lowercased()
        guard AddressOfRecord(user: "a", host: name) != nil, !name.contains("/"), !name.contains(":") else {
            throw CommandFailure("\"\(name)\" is not a domain name; one looks like example.org")
        }
        guard memberships[name] == nil else { throw CommandFailure("this node already belongs to \(name)") }
        let identity = DomainIdentity(
            name: name, signing: SigningKeyPair(random: &random), memberKey: SymmetricKey(random: &random))
        join(Membership(identity: identity), into: &actions)
    }

    /// Takes up a membership, new or with more keys than the one known.
    package mutating func join(_ membership: Membership, into actions: inout [Action]) {
        if let known = memberships[membership.name], known.identity != nil, membership.identity == nil { return }
        memberships[membership.name] = membership
        actions.append(
            .persist(JournalEntry(room: .domain, key: Array(membership.name.utf8), value: membership.encode())))
        if membership.identity != nil { watchShards(of: membership, &actions) }
    }

    private func watchShards(of membership: Membership, _ actions: inout [Action]) {
        for shard in 0..<Self.shardCount {
            actions.append(.watch(Self.resource(ofShard: shard, domain: membership.key), .account))
        }
    }

    // MARK: Users

    /// - Returns: the password, made up here unless one was given.
    package mutating func addUser(
        _ text: String, password: String?, at now: Instant, random: inout RandomSource, into actions: inout [Action]
    ) throws(CommandFailure) -> (AddressOfRecord, String) {
        let (addressOfRecord, domain) = try gatewayDomain(of: text)
        guard accounts[addressOfRecord] == nil else {
            throw CommandFailure(
                "\(addressOfRecord) exists; for a new password type: starling user password \(addressOfRecord)")
        }
        let password = try Self.checked(password, random: &random)
        let identity = UserIdentity(random: &random)
        let account = Account(
            addressOfRecord: addressOfRecord, identity: identity,
            certificate: Self.certificate(for: addressOfRecord, identity, signedBy: domain, at: now),
            credentials: Credentials(user: addressOfRecord.user, realm: domain.name, password: password),
            sequence: Self.sequence(after: 0, at: now))
        set(account, at: now, into: &actions)
        return (addressOfRecord, password)
    }

    package mutating func changePassword(
        _ text: String, password: String?, at now: Instant, random: inout RandomSource, into actions: inout [Action]
    ) throws(CommandFailure) -> (AddressOfRecord, String) {
        let (addressOfRecord, domain) = try gatewayDomain(of: text)
        guard var account = accounts[addressOfRecord] else { throw Self.unknown(addressOfRecord) }
        let password = try Self.checked(password, random: &random)
        account.credentials = Credentials(user: addressOfRecord.user, realm: domain.name, password: password)
        account.sequence = Self.sequence(after: account.sequence, at: now)
        set(account, at: now, into: &actions)
        return (addressOfRecord, password)
    }

    package mutating func removeUser(
        _ text: String, at now: Instant, into actions: inout [Action]
    ) throws(CommandFailure) -> AddressOfRecord {
        let (addressOfRecord, _) = try gatewayDomain(of: text)
        guard let account = accounts[addressOfRecord] else { throw Self.unknown(addressOfRecord) }
        forget(account, into: &actions)
        let sequence = Self.sequence(after: account.sequence, at: now)
        publishRemoval(of: addressOfRecord, sequence: sequence, at: now, into: &actions)
        return addressOfRecord
    }

    /// Why an answer to an invitation is not to be believed; nil when it is.
    ///
    /// Whoever invites proves to be the node that the invitation names and nothing else: they must not replace the
    /// keys of a domain that is known here, nor the users of one that this node is a gateway of.
    package func fault(in membership: Membership, _ account: Account?, at now: Instant) -> String? {
        if let known = memberships[membership.name], known.key != membership.key {
            return "this node knows another key of the domain \(membership.name)"
        }
        guard let account else {
            return membership.identity == nil ? "the domain came without its signing key" : nil
        }
        if memberships[membership.name]?.identity != nil {
            return "this node is a gateway of \(membership.name) and knows its users already"
        }
        let isConsistent =
            membership.identity == nil && account.addressOfRecord.host == membership.name
            && account.certificate.aor == account.addressOfRecord && account.certificate.domainKey == membership.key
            && account.certificate.signingKey == account.identity.publicKey
            && (try? account.certificate.verify(at: now)) != nil
        return isConsistent ? nil : "the account is not certified by its domain"
    }

    /// Takes up an account that an invitation brought.
    package mutating func adopt(_ account: Account, at now: Instant, into actions: inout [Action]) {
        set(account, at: now, into: &actions)
    }

    private mutating func set(_ account: Account, at now: Instant, into actions: inout [Action]) {
        store(account, into: &actions)
        publish(account, at: now, into: &actions)
    }

    mutating func store(_ account: Account, into actions: inout [Action]) {
        accounts[account.addressOfRecord] = account
        actions.append(
            .persist(
                JournalEntry(
                    room: .account, key: Array(account.addressOfRecord.description.utf8), value: account.encode())))
        actions.append(.credentials(account.addressOfRecord, account.credentials))
    }

    mutating func forget(_ account: Account, into actions: inout [Action]) {
        actions.append(.removing(account))
        accounts[account.addressOfRecord] = nil
        actions.append(.forget(.account, key: Array(account.addressOfRecord.description.utf8)))
        actions.append(.credentials(account.addressOfRecord, nil))
    }

    private func gatewayDomain(of text: String) throws(CommandFailure) -> (AddressOfRecord, DomainIdentity) {
        guard let addressOfRecord = AddressOfRecord(text) else {
            throw CommandFailure("\"\(text)\" is not an address-of-record; one looks like alice@example.org")
        }
        guard let membership = memberships[addressOfRecord.host] else {
            throw CommandFailure(
                "this node does not know the domain \(addressOfRecord.host); "
                    + "type: starling domain create \(addressOfRecord.host)")
        }
        guard let identity = membership.identity else {
            throw CommandFailure("only a gateway of \(membership.name) can do that; this node holds single users of it")
        }
        return (addressOfRecord, identity)
    }

    private static func unknown(_ addressOfRecord: AddressOfRecord) -> CommandFailure {
        CommandFailure("there is no user \(addressOfRecord); type: starling user list")
    }

    /// 80 random bits, unless a person chose the password.
    private static func checked(
        _ password: String?, random: inout RandomSource
    ) throws(CommandFailure) -> String {
        guard let password else { return random.token(16) }
        guard (1...128).contains(password.utf8.count) else {
            throw CommandFailure("a password has 1 to 128 bytes")
        }
        return password
    }

    /// Signs a new certificate when a sixth of the old one's life is left.
    mutating func renewIfDue(_ account: Account, at now: Instant, into actions: inout [Action]) {
        guard let domain = memberships[account.addressOfRecord.host]?.identity,
            account.certificate.notAfter - now < Self.certificateLifetime * (1 / 6)
        else { return }
        var renewed = account
        renewed.certificate = Self.certificate(
            for: account.addressOfRecord, account.identity, signedBy: domain, at: now)
        renewed.sequence = Self.sequence(after: account.sequence, at: now)
        store(renewed, into: &actions)
    }
}
