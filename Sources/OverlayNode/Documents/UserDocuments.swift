import Identity
import Kademlia
import Primitives
import XCAP

/// The documents of one user, as far as this node knows them.
struct UserDocuments: Sendable {
    /// Documents that one user may have.
    static let maximumDocuments = 128
    /// Calls about one user's documents that may wait at one time.
    static let maximumWaiting = 64

    let resource: ResourceID
    let secrets: DocumentSecrets
    /// Whether the first lookup has ended; from then on the watch tells of changes.
    var isLoaded = false
    /// By the record's key.
    private(set) var held: [[UInt8]: HeldDocument] = [:]
    /// Calls that wait for the first lookup.
    var waiting: [DocumentCall] = []
    /// Subscriptions that wait for it.
    var subscribes: [HeldSubscribe] = []
    /// Whether the agent knows lists of the user.
    var hasServices = false
    /// Changes under way, by the record's key.
    var writes: [[UInt8]: DocumentWrite] = [:]
    /// Why the documents are kept at hand though nobody calls.
    var reasons: Set<FollowReason> = []

    init(of account: Account) {
        resource = ResourceID(
            kind: RecordKind.document.rawValue, domain: account.certificate.domainKey,
            name: account.addressOfRecord.user)
        secrets = DocumentSecrets(of: account.identity)
    }

    /// Whether nothing here may be forgotten.
    var isBusy: Bool { !waiting.isEmpty || !subscribes.isEmpty || !writes.isEmpty || !reasons.isEmpty }

    /// How many calls wait.
    var waitingCount: Int { waiting.count + writes.values.reduce(0) { $0 + 1 + $1.waiting.count } }

    subscript(selector: DocumentSelector) -> HeldDocument? { held[secrets.key(of: selector.description)] }

    /// All documents that can be read, by their paths.
    var documents: [(selector: DocumentSelector, bytes: [UInt8])] {
        held.values.compactMap { document in
            guard let selector = document.selector, let content = document.content else { return nil }
            return (selector, content.bytes)
        }.sorted { $0.selector.description < $1.selector.description }
    }

    /// Takes a record that is newer than what is known.
    ///
    /// - Returns: what came of it; nil when it is no news.
    mutating func take(_ record: Record) -> HeldDocument? {
        if let known = held[record.key]?.record, !record.supersedes(known) { return nil }
        let document = HeldDocument(record, openedWith: secrets)
        held[record.key] = document
        return document
    }

    /// A record has ended or is known to have been deleted.
    mutating func drop(_ key: [UInt8]) -> HeldDocument? { held.removeValue(forKey: key) }
}
