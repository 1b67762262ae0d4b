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
    /// Where the parts of documents are.
    let partsResource: ResourceID
    let secrets: DocumentSecrets
    /// Whether the first lookup has ended; from then on the watch tells of changes.
    var isLoaded = false
    /// By the record's key.
    private(set) var held: [[UInt8]: HeldDocument] = [:]
    /// Calls that wait for the first lookup.
    var waiting: [DocumentCall] = []
    /// Subscriptions that wait for it.
    var subscribes: [HeldSubscribe] = []
    /// How far it has come to get parts that are needed; nil while none are.
    var fetch: PartsFetch?
    /// Calls that wait for parts.
    var waitingForParts: [DocumentCall] = []
    /// Records of parts of which it has to be found out whether they are needed any longer.
    var aging: [Record] = []
    /// Whether the agent knows lists of the user.
    var hasServices = false
    /// The sequence of the document that the agent was told last says how the user is; nil for none.
    var toldManualState: Int64?
    /// Changes under way, by the record's key.
    var writes: [[UInt8]: DocumentWrite] = [:]
    /// Why the documents are kept at hand though nobody calls.
    var reasons: Set<FollowReason> = []

    init(of account: Account) {
        let place = { (kind: RecordKind) in
            ResourceID(
                kind: kind.rawValue, domain: account.certificate.domainKey, name: account.addressOfRecord.user)
        }
        resource = place(.document)
        partsResource = place(.documentPart)
        secrets = DocumentSecrets(of: account.identity)
    }

    /// Whether nothing here may be forgotten.
    var isBusy: Bool {
        !waiting.isEmpty || !subscribes.isEmpty || !writes.isEmpty || !reasons.isEmpty || fetch != nil
            || !waitingForParts.isEmpty
    }

    /// How many calls wait.
    var waitingCount: Int {
        waiting.count + waitingForParts.count + writes.values.reduce(0) { $0 + 1 + $1.waiting.count }
    }

    subscript(selector: DocumentSelector) -> HeldDocument? { held[secrets.key(of: selector.description)] }

    /// How many documents there are.
    var count: Int { held.values.count { $0.selector != nil } }

    /// All documents that can be read, by their paths.
    var documents: [(selector: DocumentSelector, bytes: [UInt8])] {
        held.values.compactMap { document in
            guard let selector = document.selector, let content = document.content else { return nil }
            return (selector, content.bytes)
        }.sorted { $0.selector.description < $1.selector.description }
    }

    /// Takes a record that is newer than what is known.
    ///
    /// - Parameter content: of a document in parts, if it is at hand.
    /// - Returns: what came of it; nil when it is no news.
    mutating func take(_ record: Record, content: DocumentContent? = nil) -> HeldDocument? {
        let known = held[record.key]
        if let known, !record.supersedes(known.record) { return nil }
        var document = HeldDocument(record, openedWith: secrets)
        if document.isIncomplete {
            // A refreshed head names the same parts.
            document.content = content ?? (known?.parts == document.parts ? known?.content : nil)
        }
        held[record.key] = document
        return document
    }

    /// A record has ended or is known to have been deleted.
    mutating func drop(_ key: [UInt8]) -> HeldDocument? { held.removeValue(forKey: key) }

    // MARK: Parts

    /// Bytes of documents in parts, at hand or not, that one document left out.
    func bytesInParts(exceptAt key: [UInt8]) -> Int {
        held.reduce(0) { $0 + ($1.key == key ? 0 : $1.value.bytesInParts) }
    }

    /// Bytes of documents in parts that are at hand.
    var assembledBytes: Int { held.values.reduce(0) { $0 + ($1.content == nil ? 0 : $1.bytesInParts) } }

    var isIncomplete: Bool { held.values.contains { $0.isIncomplete } }

    /// The documents whose parts are not at hand.
    var missing: [[UInt8]: DocumentParts] { held.compactMapValues { $0.isIncomplete ? $0.parts : nil } }

    /// Whether a document's parts are among those that some document needs.
    func needsPart(_ key: [UInt8]) -> Bool { held.values.contains { $0.parts?.keys.contains(key) == true } }

    /// Puts documents together for which all parts are there.
    mutating func assemble(from values: [[UInt8]: [UInt8]]) {
        for (key, document) in held where document.isIncomplete {
            guard let parts = document.parts, let selector = document.selector else { continue }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(parts.size)
            for (index, part) in parts.keys.enumerated() {
                guard let opened = values[part].flatMap({ secrets.openPart(index, of: parts, $0) }) else { break }
                bytes += opened
            }
            guard bytes.count == parts.size else { continue }
            held[key]!.content = DocumentContent(path: selector.description, bytes: bytes)
            held[key]!.isLost = false
        }
    }

    /// What is incomplete now can't be had.
    mutating func giveUpIncomplete() {
        for (key, document) in held where document.isIncomplete { held[key]!.isLost = true }
    }

    /// Forgets the content of documents in parts; it can be fetched again.
    mutating func forgetAssembled() {
        for (key, document) in held where document.parts != nil { held[key]!.content = nil }
    }
}
