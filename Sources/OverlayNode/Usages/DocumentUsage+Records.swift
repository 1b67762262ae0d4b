import Identity
import Kademlia
import Primitives

/// How documents become records.
extension DocumentUsage {
    /// The record of a document; nil stands for "deleted".
    static func record(
        _ content: DocumentContent?, key: [UInt8], _ secrets: DocumentSecrets, by account: Account,
        replacing old: Record?, sequence: Int64, at now: Instant, random: inout RandomSource
    ) -> Record {
        // A tombstone outlasts what it deletes (docs/protocol.md §4.5), even where another gateway's clock is fast.
        let end = max(now + RecordKind.document.longestLifetime, content == nil ? old?.notAfter ?? now : now)
        return Record(
            kind: .document, domain: account.certificate.domainKey, name: account.addressOfRecord.user, key: key,
            sequence: sequence, notAfter: end, value: content.map { secrets.seal($0, random: &random) } ?? [],
            isTombstone: content == nil, authority: .user(account.certificate),
            signingWith: account.identity.signing, hasGenuineCertificate: true)
    }

    /// The same document for another month.
    static func renewed(_ record: Record, by account: Account, at now: Instant) -> Record {
        Record(
            kind: .document, domain: record.domain, name: record.name, key: record.key, sequence: record.sequence,
            notAfter: now + RecordKind.document.longestLifetime, value: record.value,
            authority: .user(account.certificate), signingWith: account.identity.signing, hasGenuineCertificate: true)
    }
}
