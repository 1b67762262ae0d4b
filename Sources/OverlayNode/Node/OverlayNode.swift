import Identity
import Kademlia
import Presence
import Primitives
import SIPStack
import Sessions

/// A whole node, gateway or not, as one value: the cores, and the ways between them.
///
/// It decides nothing itself. Events go to the core they concern; what that core wants goes to the next one or to
/// the shell. Actions come out in the order in which they have to be carried out.
package struct OverlayNode: Sendable {
    /// Messages that wait for one node to be found, and nodes that are waited for.
    static let maximumWaitingForNode = 64
    static let maximumNodesWaitedFor = 1024
    static let maximumRefusedSources = 256

    let configuration: NodeConfiguration
    let identity: NodeIdentity
    var random: RandomSource

    var sessions: Sessions
    var kademlia: Kademlia
    var server: SIPServer
    var presence: PresenceAgent
    var messageLists: MessageListService
    /// The calls of this node's users.
    var dialogs = DialogTracker()
    var backEnds: BackEndSubscriptions
    var accounts = AccountUsage()
    var registrations: RegistrationUsage
    var presenceRecords: PresenceUsage
    var documents: DocumentUsage
    var mailboxes = MailboxUsage()
    var enrolment = Enrolment()
    var inquiries: [CommandID: Inquiry] = [:]
    /// Who watches a user from the control socket.
    var audience: [AddressOfRecord: Set<CommandID>] = [:]

    var directory = NodeDirectory()
    var waitingForNode: [NodeID: [(bytes: [UInt8], flow: Flow)]] = [:]
    var sends: [UInt64: SendPurpose] = [:]
    /// When SIP that was sent to a node should have been acknowledged, by its token in ``sends``.
    var overdue = DeadlineQueue<UInt64>()
    /// Nodes that are asked to call, and until when they may.
    var introductions = DeadlineQueue<NodeID>()
    var nextSend: UInt64 = 0
    var lookups: [LookupToken: LookupPurpose] = [:]
    var watches: [WatchToken: WatchedResource] = [:]
    var watchTokens: [WatchedResource: WatchToken] = [:]
    var nextToken: UInt64 = 0
    /// Account and certificate records on their way out.
    var accountStores = StoreQueue()
    var isStoringAccounts = false
    /// What ``DocumentUsage`` calls its stores under way.
    var swaps: [StoreToken: UInt64] = [:]
    /// What ``MailboxUsage`` calls its stores under way.
    var deposits: [StoreToken: UInt64] = [:]
    /// Contacts from the journal, then those that are in it.
    var rememberedContacts: [Contact] = []
    var remembered: Set<PublicSigningKey> = []

    /// Bindings out of the journal, to be told to the overlay at the start.
    var restoredBindings: [AddressOfRecord: [Binding]] = [:]
    /// What the cores wanted done while the journal was read; carried out at the start.
    var saidWhileRestoring: [Action] = []
    var startedAt: Instant?
    var farewell: Farewell?
    var hasStopped = false
    var counters: [String: UInt64] = [:]
    /// Sources that a warning was given of.
    var refusedSources: Set<IPAddress> = []

    /// - Parameters:
    ///   - random: keyed by the operating system; tags and keys come from it.
    ///   - entries: everything the journal holds, in any order.
    /// - Throws: when the configuration names a domain that this node does not belong to, or the journal can't be read.
    package init(
        configuration: NodeConfiguration, identity: NodeIdentity, random: RandomSource,
        restoring entries: [JournalEntry], at now: Instant
    ) throws(NodeConfigurationError) {
        var random = random
        var configuration = configuration
        if configuration.domains.isEmpty {
            configuration.domains = entries.filter { $0.room == .domain }.map {
                String(decoding: $0.key, as: UTF8.self)
            }
            .sorted()
        }
        self.configuration = configuration
        self.identity = identity
        sessions = Sessions(
            identity: identity, overlay: OverlayID(name: configuration.network), random: random.split())
        var overlay = KademliaConfiguration()
        overlay.assumesReachable = false
        // Phones are waiting for a gateway, and whoever runs one sees to it that it can be reached.
        overlay.isPatient = !configuration.isGateway
        kademlia = Kademlia(self: identity.publicKey, configuration: overlay, random: random.split())
        server = SIPServer(configuration: configuration.server(of: identity), random: random.split())
        presence = PresenceAgent(
            configuration: configuration.presenceAgent(of: identity, users: Self.users(in: entries)),
            random: random.split())
        backEnds = BackEndSubscriptions(nodeID: identity.nodeID, random: random.split())
        registrations = RegistrationUsage(node: identity.publicKey, endpoint: configuration.overlay)
        presenceRecords = PresenceUsage(nodeID: identity.nodeID)
        documents = DocumentUsage(server: configuration.documentServer)
        messageLists = MessageListService(random: random.split())
        self.random = random
        try restore(entries, at: now)
        if configuration.isGateway, configuration.domains.isEmpty {
            throw NodeConfigurationError(
                "a gateway serves a domain, and this node belongs to none; type: starling domain create example.org, "
                    + "or, if it exists elsewhere: starling domain accept INVITATION")
        }
        for domain in configuration.domains where accounts.memberships[domain] == nil {
            throw NodeConfigurationError(
                "this node does not belong to the domain \(domain); type: starling domain create \(domain), "
                    + "or, if it exists elsewhere: starling domain accept INVITATION")
        }
    }

    /// Whose accounts a journal holds.
    private static func users(in entries: [JournalEntry]) -> Set<AddressOfRecord> {
        Set(
            entries.filter { $0.room == .account }.compactMap {
                AddressOfRecord(String(decoding: $0.key, as: UTF8.self))
            })
    }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        if case .xcap(let id, let call) = event { perform(call, id, at: now, into: &actions) }
        guard !hasStopped else { return }
        switch event {
        case .start: start(at: now, into: &actions)
        case .overlayDatagram(let datagram, let endpoint):
            drive(.datagram(datagram, from: endpoint), at: now, into: &actions)
        case .load(let busy): drive(.load(busy), at: now, into: &actions)
        case .sip(let event): drive(.transport(event), at: now, into: &actions)
        case .answered(let question, let answer): drive(.answered(question, answer), at: now, into: &actions)
        case .command(let id, let command): perform(command, id, at: now, into: &actions)
        case .cancel(let id): cancel(id, at: now, into: &actions)
        case .xcap, .wake: break
        case .stop: beginFarewell(at: now, into: &actions)
        }
        wakeDue(at: now, into: &actions)
    }

    /// When the shell has to send ``Event/wake`` at the latest.
    package var nextDeadline: Instant? {
        // Asked after every event, so nothing is allocated for it.
        var earliest = Instant.earliest(sessions.nextDeadline, kademlia.nextDeadline)
        earliest = .earliest(earliest, server.nextDeadline)
        earliest = .earliest(earliest, presence.nextDeadline)
        earliest = .earliest(earliest, dialogs.nextDeadline)
        earliest = .earliest(earliest, backEnds.nextDeadline)
        earliest = .earliest(earliest, enrolment.nextDeadline)
        earliest = .earliest(earliest, documents.nextDeadline)
        earliest = .earliest(earliest, messageLists.nextDeadline)
        earliest = .earliest(earliest, Instant.earliest(overdue.earliest, introductions.earliest))
        return .earliest(earliest, farewell?.deadline)
    }

    private mutating func wakeDue(at now: Instant, into actions: inout [Action]) {
        // A node that only carries out commands has no business with its timers but one.
        guard startedAt != nil else { return }
        let isDue = { (deadline: Instant?) in deadline.map { $0 <= now } ?? false }
        if isDue(sessions.nextDeadline) { drive(Sessions.Event.wake, at: now, into: &actions) }
        if isDue(kademlia.nextDeadline) { drive(Kademlia.Event.wake, at: now, into: &actions) }
        if isDue(server.nextDeadline) { drive(SIPServerEvent.wake, at: now, into: &actions) }
        if isDue(presence.nextDeadline) { drive(PresenceAgent.Event.wake, at: now, into: &actions) }
        if isDue(dialogs.nextDeadline) { track(.wake, at: now, into: &actions) }
        if isDue(backEnds.nextDeadline) { drive(BackEndSubscriptions.Event.wake, at: now, into: &actions) }
        if isDue(enrolment.nextDeadline) { wakeEnrolment(at: now, into: &actions) }
        if isDue(documents.nextDeadline) { wakeDocuments(at: now, into: &actions) }
        if isDue(messageLists.nextDeadline) { drive(MessageListService.Event.wake, at: now, into: &actions) }
        if isDue(overdue.earliest) || isDue(introductions.earliest) { wakeIntroductions(at: now, into: &actions) }
        if isDue(farewell?.deadline) { continueFarewell(at: now, into: &actions) }
    }

    private mutating func start(at now: Instant, into actions: inout [Action]) {
        startedAt = now
        actions += saidWhileRestoring
        saidWhileRestoring = []
        drive(.join(bootstrap: configuration.bootstrap, remembered: rememberedContacts), at: now, into: &actions)
        rememberedContacts = []
        var out: [AccountUsage.Action] = []
        accounts.start(at: now, into: &out)
        route(out, at: now, into: &actions)
        for (addressOfRecord, bindings) in restoredBindings.sorted(by: { $0.key < $1.key }) {
            bindingsChanged(addressOfRecord, bindings, at: now, into: &actions)
        }
        restoredBindings = [:]
        for user in dialogs.users {
            drive(.dialogs(user, dialogs.information(of: user), isNews: true), at: now, into: &actions)
        }
    }
}
