import Identity
import Kademlia
import Primitives

/// A `lookup` command under way: it waits for three lookups and gathers what they found.
struct Inquiry: Sendable {
    let addressOfRecord: AddressOfRecord
    /// The key of the user's domain.
    let domain: PublicSigningKey
    /// The user's account, where this node holds it: what presence is read with.
    let account: Account?
    let isTraced: Bool
    /// This node's ID, to name it in its own steps.
    private let nodeID: String
    var report: LookupReport
    private(set) var awaited: Set<RecordKind> = [.certificate, .registration, .presence]
    /// The presence documents found, to be composed at the end.
    private(set) var documents: [[UInt8]] = []

    init(
        _ addressOfRecord: AddressOfRecord, domain: PublicSigningKey, account: Account?, isTraced: Bool, nodeID: NodeID
    ) {
        self.addressOfRecord = addressOfRecord
        self.domain = domain
        self.account = account
        self.isTraced = isTraced
        self.nodeID = nodeID.text
        report = LookupReport(addressOfRecord: addressOfRecord.description)
    }

    var isComplete: Bool { awaited.isEmpty }

    /// The kinds of records to look for, in the order in which they are reported.
    static let kinds: [RecordKind] = [.certificate, .registration, .presence]

    func resource(_ kind: RecordKind) -> ResourceID {
        ResourceID(kind: kind.rawValue, domain: domain, name: addressOfRecord.user)
    }

    mutating func found(_ kind: RecordKind, _ outcome: LookupOutcome, at now: Instant) {
        awaited.remove(kind)
        var step = LookupReport.Step(
            kind: "\(kind)", found: outcome.records.count, hops: outcome.trace.hops, messages: outcome.trace.requests,
            milliseconds: outcome.trace.duration.inMilliseconds)
        if isTraced {
            step.target = Base32.encode(resource(kind).bits.bytes)
            step.trace = outcome.steps.map { LookupStepReport($0, ownID: nodeID) }
        }
        report.steps.append(step)
        // The freshest document comes first when presence is composed.
        for record in outcome.records.sorted(by: { $0.sequence > $1.sequence }) {
            switch kind {
            case .certificate: takeCertificate(record)
            case .registration: takeRegistration(record, at: now)
            case .presence: takePresence(record)
            default: break
            }
        }
    }

    private mutating func takeCertificate(_ record: Record) {
        guard let certificate = try? UserCertificate(decoding: record.value) else { return }
        report.certificate = LookupReport.Certificate(
            serial: certificate.serial, notAfter: certificate.notAfter.secondsSince1970,
            signingKey: certificate.signingKey.text, domainKey: certificate.domainKey.text)
    }

    private mutating func takeRegistration(_ record: Record, at now: Instant) {
        guard let value = RegistrationUsage.value(of: record) else { return }
        let live = value.contacts.filter { $0.expires > now }
        guard let last = live.map(\.expires).max() else { return }
        report.registrations.append(
            LookupReport.Registration(
                node: value.node.nodeID.text, endpoint: value.endpoint.description, contacts: live.map(\.uri),
                expires: last.secondsSince1970))
    }

    private mutating func takePresence(_ record: Record) {
        guard let bits = Bits256(record.key), let account,
            let document = PresenceUsage.document(in: record, of: account, from: NodeID(bits: bits))
        else { return }
        documents.append(document)
    }
}
