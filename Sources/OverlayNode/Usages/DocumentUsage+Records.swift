import Identity
import Kademlia
import Primitives

/// How documents become records.
extension DocumentUsage {
    /// How long parts last whose document's head is not stored yet. A writer that dies in between leaves them behind.
    static let unconfirmedLifetime = Interval.hours(24)
    /// How long it is said of a part that it was erased: longer than whoever keeps it takes to store it again.
    static let erasureTime = Interval.hours(2)

    /// The record of a document; nil stands for "deleted".
    static func record(
        _ value: DocumentValue?, key: [UInt8], _ secrets: DocumentSecrets, by account: Account,
        replacing old: Record?, sequence: Int64, at now: Instant, random: inout RandomSource
    ) -> Record {
        // A tombstone outlasts what it deletes (docs/protocol.md §4.5), even where another gateway's clock is fast.
        let end = max(now + RecordKind.document.longestLifetime, value == nil ? old?.notAfter ?? now : now)
        return Record(
            kind: .document, domain: account.certificate.domainKey, name: account.addressOfRecord.user, key: key,
            sequence: sequence, notAfter: end, value: value.map { secrets.seal($0, random: &random) } ?? [],
            isTombstone: value == nil, authority: .user(account.certificate),
            signingWith: account.identity.signing, hasGenuineCertificate: true)
    }

    /// The same document, or part, for another month.
    static func renewed(_ record: Record, by account: Account, at now: Instant) -> Record {
        Record(
            kind: record.kind, domain: record.domain, name: record.name, key: record.key, sequence: record.sequence,
            notAfter: now + record.kind.longestLifetime, value: record.value,
            authority: .user(account.certificate), signingWith: account.identity.signing, hasGenuineCertificate: true)
    }

    /// Whether a record has used up so much of its life that readers see to it.
    static func isAging(_ record: Record, at now: Instant) -> Bool {
        !record.isTombstone && !record.value.isEmpty && record.notAfter - now < record.kind.longestLifetime * 0.25
    }

    // MARK: Parts

    /// A document as a record holds it, with the records of its parts if it is in parts.
    static func divided(
        _ content: DocumentContent, _ secrets: DocumentSecrets, by account: Account, at now: Instant,
        random: inout RandomSource
    ) -> (value: DocumentValue, parts: [Record]) {
        guard content.bytes.count > DocumentContent.largestInRecord else { return (.whole(content), []) }
        var document = DocumentParts(
            salt: random.bytes(DocumentParts.saltLength), size: content.bytes.count, keys: [])
        var records: [Record] = []
        for index in 0..<DocumentParts.count(ofSize: document.size) {
            let bytes = Array(
                content.bytes.dropFirst(index * DocumentContent.largestInRecord).prefix(
                    DocumentContent.largestInRecord))
            let key = secrets.key(ofPart: index, bytes, salt: document.salt)
            document.keys.append(key)
            records.append(
                partRecord(
                    key, secrets.sealPart(bytes, ofKey: key, random: &random), sequence: 1,
                    until: now + unconfirmedLifetime, by: account))
        }
        return (.parts(document, path: content.path), records)
    }

    /// The record of a part. Nothing but its erasure ever takes its place, so that its sequence is the same always.
    static func partRecord(
        _ key: [UInt8], _ sealed: [UInt8], sequence: Int64, until end: Instant, by account: Account
    ) -> Record {
        Record(
            kind: .documentPart, domain: account.certificate.domainKey, name: account.addressOfRecord.user, key: key,
            sequence: sequence, notAfter: end, value: sealed, authority: .user(account.certificate),
            signingWith: account.identity.signing, hasGenuineCertificate: true)
    }

    /// Names the record of a part.
    static func part(_ key: [UInt8], of account: Account) -> Record.Identity {
        let resource = ResourceID(
            kind: RecordKind.documentPart.rawValue, domain: account.certificate.domainKey,
            name: account.addressOfRecord.user)
        return Record.Identity(kind: .documentPart, resource: resource, key: key)
    }
}
