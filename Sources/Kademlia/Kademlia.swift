import Identity
import Primitives

/// The overlay's core: finds nodes, and stores, finds and watches records (docs/protocol.md §4).
package struct Kademlia: Sendable {
    let key: PublicSigningKey
    let nodeID: NodeID
    private let shared: SharedConfiguration
    /// Read in place, as it would be if it lay here.
    var configuration: KademliaConfiguration { @inline(__always) _read { yield shared.value } }
    /// All contacts that the core refers to.
    package let contacts: ContactDirectory
    var random: RandomSource
    var table: RoutingTable
    var periodic = PeriodicTimers()
    var timers = DeadlineQueue<KademliaTimer>()
    /// What any contact takes to answer: the guess for one that has not been measured.
    var generalRoundTrip = RoundTripEstimate()
    var density = DensityEstimate()

    var pending = PendingRequests()
    var operations = OperationTable()
    var nextOperation: UInt64 = 0

    var bootstrap: [Endpoint] = []
    var remembered: [Contact] = []
    var joinAttempts = 0
    /// Looks for the node's own place since it joined.
    var looks = 0
    /// Lookups made to fill wide buckets.
    var fills: UInt8 = 0
    var phase = Phase.apart
    /// The contacts in the directory at which it is swept.
    var sweepAt = 1_024

    var limiter = RequestLimiter()
    var traffic = Traffic()
    var verified = VerifiedRecords()
    var store = RecordStore()
    var cache = RecordCache()
    var leases = LeaseTable()
    var kept: [Record.Identity: KeptRecord] = [:]
    var watches: [ResourceKey: Watch] = [:]
    /// What each token watches.
    var watchedResources: [WatchToken: ResourceKey] = [:]
    var handOvers = HandOverQueue()
    var estranged = EstrangedContacts()
    /// When a contact that was lost came back.
    var lastReturn = Instant(nanoseconds: 0)
    /// When all records of ours were stored again after a cut.
    var lastRewrite = Instant(nanoseconds: 0)

    var reach: ReachabilityState
    var reflected = ReflectedEndpoints()
    /// Of requests to be called that are passed on, and of calls that are made for others.
    var passingOnLimit = CallBackLimit()
    var callingLimit = CallBackLimit()
    var clients = ClientsHeard()
    /// What is to be done when it is known whether strangers come through.
    var heldBack: [Event] = []

    /// When ``Event/wake`` is due.
    package private(set) var nextDeadline: Instant?

    /// Where the node stands with the overlay.
    enum Phase: Sendable {
        case apart, joining, member, leaving, gone
    }

    /// Contacts that a node's own directory has room for: those of its table, of all its lookups and of all its
    /// watchers.
    private static let mostContacts = 131_072

    /// - Parameter key: the node's own.
    /// - Parameter nodeID: the ID that follows from the key, or in a simulation the one that an attacker has found a
    ///   key for.
    /// - Parameter contacts: a directory that cores share; nil gives the core its own.
    package init(
        self key: PublicSigningKey, nodeID: NodeID? = nil, configuration: KademliaConfiguration, random: RandomSource,
        contacts: ContactDirectory? = nil
    ) {
        self.init(
            self: key, nodeID: nodeID, sharing: SharedConfiguration(configuration), random: random, contacts: contacts)
    }

    /// - Parameter shared: the configuration of many cores.
    package init(
        self key: PublicSigningKey, nodeID: NodeID? = nil, sharing shared: SharedConfiguration, random: RandomSource,
        contacts: ContactDirectory? = nil
    ) {
        self.key = key
        self.nodeID = nodeID ?? key.nodeID
        self.shared = shared
        self.random = random
        reach = ReachabilityState(shared.value.assumesReachable ? .full : .unproven)
        self.contacts =
            contacts
            ?? ContactDirectory(capacity: Self.mostContacts, exemptPrefixes: shared.value.exemptPrefixes)
        table = RoutingTable(nodeID: self.nodeID, contacts: self.contacts, configuration: shared)
    }

    // Mutating so that it works in place: as a property of a value it would read a copy of all of it.
    private mutating func noteDeadline() {
        var earliest = periodic.earliest
        if let request = pending.earliest { earliest = min(earliest, request) }
        if let timer = timers.earliest { earliest = min(earliest, timer) }
        nextDeadline = earliest == .distantFuture ? nil : earliest
    }

    /// Takes an event and appends what is to be done, in order. Whatever is due by `now` is done as well.
    ///
    /// The handles in the actions are good until the next ``Event/wake``.
    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        guard phase != .gone else { return }
        if phase != .joining || !holdsBack(event) { take(event, at: now, into: &actions) }
        fireTimers(at: now, into: &actions)
        noteDeadline()
    }

    mutating func take(_ event: Event, at now: Instant, into actions: inout [Action]) {
        switch event {
        case .join(let bootstrap, let remembered):
            join(bootstrap: bootstrap, remembered: remembered, at: now, into: &actions)
        case .received(let message, let contact): receive(message, from: contact, at: now, into: &actions)
        case .unreachable(let destination): unreachable(destination, at: now, into: &actions)
        case .lookUp(let token, let kind, let resource, let options):
            begin(
                .findRecords(token, options), target: resource.bits,
                fetching: ResourceKey(kind, resource), at: now, into: &actions)
        case .lookUpNode(let token, let id):
            begin(.findNode(token), target: id.bits, fetching: nil, at: now, into: &actions)
        case .introduce(let client, let closest): introduce(to: client, through: closest, into: &actions)
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
        case .spoke(let endpoint): noteSent(to: .endpoint(endpoint))
        case .wake: sweepContacts()
        }
    }

    private mutating func fireTimers(at now: Instant, into actions: inout [Action]) {
        while phase != .gone, let due = pending.popDue(at: now) {
            switch due {
            case .slow(let request): requestIsSlow(request, at: now, into: &actions)
            case .lost(let request): requestIsLost(request, at: now, into: &actions)
            }
        }
        while phase != .gone, let timer = periodic.popDue(at: now) { fire(timer, at: now, into: &actions) }
        while phase != .gone, let timer = timers.popDue(at: now) {
            switch timer {
            case .kept(let identity): attend(toKept: identity, at: now, into: &actions)
            case .watch(let resource): renewWatch(resource, at: now, into: &actions)
            case .watchedEnds(let identity): watchedRecordEnds(identity, at: now, into: &actions)
            }
        }
    }

    private mutating func fire(_ timer: PeriodicTimer, at now: Instant, into actions: inout [Action]) {
        switch timer {
        case .join: tryToJoin(at: now, into: &actions)
        case .ownPlace: lookAgain(at: now, into: &actions)
        case .liveness: checkLiveness(at: now, into: &actions)
        case .refreshBuckets: refreshBuckets(at: now, into: &actions)
        case .remember: rememberContacts(at: now, into: &actions)
        case .replicate: replicate(at: now, into: &actions)
        case .handOver: sendHandOvers(at: now, into: &actions)
        case .heldEnds: removeEndedRecords(at: now, into: &actions)
        case .reconcile: tryEstranged(at: now, into: &actions)
        case .leave:
            phase == .leaving ? finishLeaving(at: now, into: &actions) : finishRetiring(at: now, into: &actions)
        case .reachability: attendToReachability(at: now, into: &actions)
        case .keepOpen: keepOpen(at: now, into: &actions)
        }
    }
}
