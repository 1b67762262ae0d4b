import Identity
import Primitives

/// The overlay's core: finds nodes, and stores, finds and watches records (docs/protocol.md §4).
package struct Kademlia: Sendable {
    let key: PublicSigningKey
    let nodeID: NodeID
    let configuration: KademliaConfiguration
    var random: RandomSource
    var table: RoutingTable
    var timers = DeadlineQueue<KademliaTimer>()
    /// What any contact takes to answer: the guess for one that has not been measured.
    var generalRoundTrip = RoundTripEstimate()

    var pending: [UInt64: PendingRequest] = [:]
    var operations: [OperationID: Operation] = [:]
    var nextOperation: UInt64 = 0

    var bootstrap: [Endpoint] = []
    var remembered: [Contact] = []
    var joinAttempts = 0
    /// Looks for the node's own place since it joined.
    var looks = 0
    /// The bucket of which a contact was pinged last.
    var livenessBucket = 0
    var phase = Phase.apart

    var verified = VerifiedRecords()
    var store: RecordStore
    var leases = LeaseTable()
    var kept: [Record.Identity: Record] = [:]
    var watches: [ResourceKey: Watch] = [:]
    /// What each token watches.
    var watchedResources: [WatchToken: ResourceKey] = [:]
    var handOvers = HandOverQueue()

    /// Where the node stands with the overlay.
    enum Phase: Sendable {
        case apart, joining, member, leaving, gone
    }

    /// - Parameter key: the node's own.
    package init(self key: PublicSigningKey, configuration: KademliaConfiguration, random: RandomSource) {
        self.key = key
        nodeID = key.nodeID
        self.configuration = configuration
        self.random = random
        table = RoutingTable(nodeID: nodeID, configuration: configuration)
        store = RecordStore(configuration: configuration)
    }

    /// When ``Event/wake`` is due.
    package var nextDeadline: Instant? { timers.earliest }

    /// Contacts in the routing table.
    package var contactCount: Int { table.count }

    /// Records held for the overlay, and their bytes.
    package var heldRecords: (count: Int, bytes: Int) { (store.count, store.bytes) }

    /// Records held for the overlay, by kind.
    package var recordCounts: [RecordKind: Int] { store.countsByKind }

    /// Leases that other nodes hold here to be told of changes.
    package var leaseCount: Int { leases.count }

    /// Whether the record is held here for the overlay; the newest one known.
    package func heldRecord(_ identity: Record.Identity) -> Record? { store.record(identity) }

    /// The contacts closest to an ID, nearest first.
    package func closestContacts(to id: NodeID, count: Int) -> [Contact] { table.closest(to: id.bits, count: count) }

    /// Takes an event and appends what is to be done, in order. Whatever is due by `now` is done as well.
    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        guard phase != .gone else { return }
        switch event {
        case .join(let bootstrap, let remembered):
            join(bootstrap: bootstrap, remembered: remembered, at: now, into: &actions)
        case .received(let message, let contact): receive(message, from: contact, at: now, into: &actions)
        case .unreachable(let destination): unreachable(destination, at: now, into: &actions)
        case .lookUp(let token, let kind, let resource, let options):
            begin(
                .findRecords(token, quorum: options.quorum), target: resource.bits,
                fetching: ResourceKey(kind, resource), at: now, into: &actions)
        case .lookUpNode(let token, let id):
            begin(.findNode(token), target: id.bits, fetching: nil, at: now, into: &actions)
        case .store(let token, let record, let options):
            beginStore(token, record, options, at: now, into: &actions)
        case .keep(let token, let record, let options):
            keep(record, at: now, into: &actions)
            beginStore(token, record, options, at: now, into: &actions)
        case .withdraw(let token, let tombstone):
            keep(tombstone, at: now, into: &actions)
            beginStore(token, tombstone, StoreOptions(), at: now, into: &actions)
        case .release(let identity): release(identity, at: now, into: &actions)
        case .watch(let token, let kind, let resource):
            watch(token, ResourceKey(kind, resource), at: now, into: &actions)
        case .unwatch(let token): unwatch(token, at: now, into: &actions)
        case .restore(let entry): restore(entry, at: now, into: &actions)
        case .leave: leave(at: now, into: &actions)
        case .wake: break
        }
        while phase != .gone, let timer = timers.popDue(at: now) { fire(timer, at: now, into: &actions) }
    }

    private mutating func fire(_ timer: KademliaTimer, at now: Instant, into actions: inout [Action]) {
        switch timer {
        case .slow(let transaction): requestIsSlow(transaction, at: now, into: &actions)
        case .lost(let transaction): requestIsLost(transaction, at: now, into: &actions)
        case .join: tryToJoin(at: now, into: &actions)
        case .ownPlace: lookAgain(at: now, into: &actions)
        case .liveness: checkLiveness(at: now, into: &actions)
        case .refreshBuckets: refreshBuckets(at: now, into: &actions)
        case .remember: rememberContacts(at: now, into: &actions)
        case .replicate: replicate(at: now, into: &actions)
        case .handOver: sendHandOvers(at: now, into: &actions)
        case .leave: finishLeaving(at: now, into: &actions)
        case .heldEnds(let identity): heldRecordEnds(identity, into: &actions)
        case .republish(let identity): republish(identity, at: now, into: &actions)
        case .renew(let identity): renew(identity, at: now, into: &actions)
        case .keptEnds(let identity): release(identity, at: now, into: &actions)
        case .watch(let resource): renewWatch(resource, at: now, into: &actions)
        case .watchedEnds(let identity): watchedRecordEnds(identity, at: now, into: &actions)
        }
    }
}
