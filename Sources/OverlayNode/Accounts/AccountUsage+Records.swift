import Identity
import Kademlia
import Primitives

/// How accounts become records and records become accounts.
extension AccountUsage {
    /// A sequence that grows with time and never repeats one used before.
    static func sequence(after last: Int64, at now: Instant) -> Int64 {
        max(last == .max ? last : last + 1, Int64(clamping: now.nanoseconds / 1000))
    }

    static func certificate(
        for addressOfRecord: AddressOfRecord, _ identity: UserIdentity, signedBy domain: DomainIdentity, at now: Instant
    ) -> UserCertificate {
        UserCertificate(
            aor: addressOfRecord, signingKey: identity.publicKey, agreementKey: identity.agreement.publicKey,
            serial: now.secondsSince1970, notAfter: now + certificateLifetime, domain: domain.signing)
    }

    /// Stores the account for the other gateways and the certificate for everybody, and keeps both alive.
    func publish(_ account: Account, at now: Instant, into actions: inout [Action]) {
        guard let membership = memberships[account.addressOfRecord.host], membership.identity != nil else { return }
        actions.append(.keep(accountRecord(account.addressOfRecord, account, account.sequence, membership, at: now)))
        actions.append(
            .keep(certificateRecord(account.addressOfRecord, account, account.sequence, membership, at: now)))
    }

    /// Stores that the user is gone.
    func publishRemoval(
        of addressOfRecord: AddressOfRecord, sequence: Int64, at now: Instant, into actions: inout [Action]
    ) {
        guard let membership = memberships[addressOfRecord.host], membership.identity != nil else { return }
        actions.append(.keep(accountRecord(addressOfRecord, nil, sequence, membership, at: now)))
        actions.append(.keep(certificateRecord(addressOfRecord, nil, sequence, membership, at: now)))
    }

    /// A record of ours has used up most of its life: signs it again for as long as the account exists.
    ///
    /// This comes every three weeks or so, and with it a new certificate when the old one nears its end.
    package mutating func renew(_ record: Record, at now: Instant, into actions: inout [Action]) {
        let user = record.kind == .account ? String(validating: record.key, as: UTF8.self) : record.name
        guard !record.isTombstone, let user,
            let membership = sortedMemberships.first(where: { $0.key == record.domain }),
            let addressOfRecord = AddressOfRecord(user: user, host: membership.name),
            let account = accounts[addressOfRecord]
        else { return }
        renewIfDue(account, at: now, into: &actions)
        publish(accounts[addressOfRecord]!, at: now, into: &actions)
    }

    /// Another gateway of the domain added, changed or removed a user.
    ///
    /// The record was verified to be signed by the domain; what does not decrypt is reported and left alone.
    package mutating func recordChanged(_ change: RecordChange, at now: Instant, into actions: inout [Action]) {
        let record: Record
        switch change {
        case .added(let changed), .replaced(let changed), .deleted(let changed): record = changed
        case .refreshed, .expired: return
        }
        guard let membership = sortedMemberships.first(where: { $0.key == record.domain }),
            let user = String(validating: record.key, as: UTF8.self),
            let addressOfRecord = AddressOfRecord(user: user, host: membership.name)
        else { return }
        if let known = accounts[addressOfRecord], known.sequence >= record.sequence { return }
        if record.isTombstone {
            if let account = accounts[addressOfRecord] {
                forget(account, into: &actions)
                actions.append(
                    .observe(Observation(.event, "user-removed", "\(addressOfRecord) was removed at another gateway")))
            }
            return
        }
        guard let key = membership.accountKey?.derived(context: addressOfRecord.description),
            let plaintext = key.open(record.value[...], counter: UInt64(bitPattern: record.sequence), header: []),
            let account = try? Account(decoding: plaintext), account.addressOfRecord == addressOfRecord
        else {
            actions.append(
                .observe(
                    Observation(
                        .warning, "account-unreadable", "the account record of \(addressOfRecord) is not readable")))
            return
        }
        let isNew = accounts[addressOfRecord] == nil
        store(account, into: &actions)
        publish(account, at: now, into: &actions)
        actions.append(
            .observe(
                Observation(
                    .event, "user-learnt",
                    "\(addressOfRecord) \(isNew ? "was added" : "was changed") at another gateway of \(membership.name)"
                )))
    }

    /// The account for the domain's gateways; nil stands for "removed".
    ///
    /// Sealing is deterministic: all gateways that hold an account write the same record, and none replaces
    /// another's. A sequence is never used for two contents, which is what the counter of the cipher asks for.
    private func accountRecord(
        _ addressOfRecord: AddressOfRecord, _ account: Account?, _ sequence: Int64, _ membership: Membership,
        at now: Instant
    ) -> Record {
        let key = membership.accountKey!.derived(context: addressOfRecord.description)
        return Record(
            kind: .account, domain: membership.key, name: Self.shardName(Self.shard(of: addressOfRecord.user)),
            key: Array(addressOfRecord.user.utf8), sequence: sequence,
            notAfter: now + RecordKind.account.longestLifetime,
            value: account.map { key.seal($0.encode(), counter: UInt64(bitPattern: sequence), header: []) } ?? [],
            isTombstone: account == nil, authority: .domain(membership.key),
            signingWith: membership.identity!.signing)
    }

    private func certificateRecord(
        _ addressOfRecord: AddressOfRecord, _ account: Account?, _ sequence: Int64, _ membership: Membership,
        at now: Instant
    ) -> Record {
        Record(
            kind: .certificate, domain: membership.key, name: addressOfRecord.user, sequence: sequence,
            notAfter: now + RecordKind.certificate.longestLifetime, value: account?.certificate.encode() ?? [],
            isTombstone: account == nil, authority: .domain(membership.key),
            signingWith: membership.identity!.signing)
    }

    /// Which of the domain's account resources a user's record is in.
    static func shard(of user: String) -> UInt8 { Hash.blake2b256(Array(user.utf8)).bytes[0] % shardCount }

    static func shardName(_ shard: UInt8) -> String { "accounts/\(shard)" }

    static func resource(ofShard shard: UInt8, domain: PublicSigningKey) -> ResourceID {
        ResourceID(kind: RecordKind.account.rawValue, domain: domain, name: shardName(shard))
    }
}
