import Primitives
import SIPMessages

/// The transaction-stateful proxy of RFC 3261 §16 as a core: response contexts, forking, CANCEL and timer C.
///
/// Which requests may be forwarded, and where a user is, is decided before; here it is carried out.
package struct Proxy: Sendable {
    enum Event: Sendable {
        case forward(ProxyRequest)
        /// The client of this INVITE gave it up.
        case cancelled(ServerTransactionID)
        case response(ClientTransactionID, SIPMessage)
        case failed(ClientTransactionID, status: Int)
        /// The transaction will not be heard of again.
        case ended(ClientTransactionID)
        case resolved(LookUpToken, [Target])
        /// The servers that a branch can go to, best first; empty for none.
        case located(ClientTransactionID, [ServerAddress])
        case wake
    }

    enum Action: Sendable {
        case send(ClientTransactionID, SIPMessage, to: NextHop, branchSuffix: String)
        case cancel(ClientTransactionID)
        case respond(ServerTransactionID, SIPMessage)
        /// A message reached nobody and may wait; see ``SIPServerAction/absent(_:_:recipient:sender:status:)``.
        case absent(
            ServerTransactionID, SIPMessage, recipient: AddressOfRecord, sender: AddressOfRecord, status: Int)
        case response(RequestToken, SIPMessage)
        case requestFailed(RequestToken, status: Int)
        /// A branch of a request within a dialog got no answer.
        case unanswered(SIPMessage)
        case lookUp(LookUpToken, AddressOfRecord)
        /// Asks for the servers that a branch can go to.
        case locate(ClientTransactionID, ServerName)
        case forgetLocation(ClientTransactionID)
        /// A server did not answer, or sent a 503, perhaps with how long it wants to be left alone.
        case serverFailed(ServerAddress, for: Interval?)
        case observe(SIPObservation)
    }

    enum Timer: Hashable, Sendable {
        case c(ClientTransactionID)
        case lookUp(LookUpToken)
        /// A message that may wait for its recipient has not been answered.
        case patience(ContextID)
    }

    /// Names a response context inside the proxy.
    typealias ContextID = UInt64

    /// RFC 3261 §16.6 step 11: timer C must be larger than 3 minutes.
    static let timerC = Interval.seconds(181)
    /// How long the rest of the network may take to say where a user is.
    static let lookUpTime = Interval.seconds(12)
    /// How long a phone has to answer a message that can be kept for its user. Both the client's transaction and the one
    /// towards the phone end after 32 s without a response (RFC 3261 §17.1.2.2): half of that leaves time to keep it.
    static let patience = Interval.seconds(16)
    /// RFC 5393 §5.3.3: the recommended Max-Breadth, and the most that is accepted.
    static let maximumBreadth = 60
    /// More targets than this are no user's devices.
    static let maximumTargets = 64
    /// The identifiers of a proxy's client transactions begin here, apart from those that the layer gives itself.
    private static let firstClient: UInt64 = 1 << 62

    let router: Router
    var random: RandomSource
    var contexts: [ContextID: ResponseContext] = [:]
    var contextsByBranch: [ClientTransactionID: ContextID] = [:]
    var contextsByServer: [ServerTransactionID: ContextID] = [:]
    var contextsByLookUp: [LookUpToken: ContextID] = [:]
    var timers = DeadlineQueue<Timer>()
    var calls = CallLog()
    private var nextContext: UInt64 = 0
    private var nextClient = Proxy.firstClient
    private var nextLookUp: UInt64 = 0

    init(router: Router, random: RandomSource) {
        self.router = router
        self.random = random
    }

    var nextDeadline: Instant? { timers.earliest }

    mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        switch event {
        case .forward(let request): forward(request, at: now, into: &actions)
        case .cancelled(let id): cancelled(id, at: now, into: &actions)
        case .response(let id, let response): receive(response, of: id, at: now, into: &actions)
        case .failed(let id, let status): fail(id, status: status, at: now, into: &actions)
        case .ended(let id): ended(id)
        case .resolved(let token, let targets): resolved(token, targets, at: now, into: &actions)
        case .located(let id, let servers): located(id, servers, at: now, into: &actions)
        case .wake: break
        }
        while let timer = timers.popDue(at: now) {
            switch timer {
            case .c(let id):
                // RFC 3261 §16.8: an INVITE that has had a provisional response, as all have that are still there
                // after so long, is cancelled; the transaction layer ends it if not even that is answered.
                actions.append(.cancel(id))
            case .lookUp(let token): resolved(token, [], at: now, into: &actions)
            case .patience(let id): giveUp(id, at: now, into: &actions)
            }
        }
    }

    private mutating func forward(_ request: ProxyRequest, at now: Instant, into actions: inout [Action]) {
        nextContext += 1
        let id = nextContext
        let breadth = min((try? request.request.maxBreadth) ?? Self.maximumBreadth, Self.maximumBreadth)
        var context = ResponseContext(
            upstream: request.upstream, request: request.request, method: request.request.method ?? .options,
            arrival: request.arrival, mark: request.mark, device: request.device, flowFailure: request.flowFailure,
            emptyStatus: request.emptyStatus, mayWait: request.mayWait, isEmergency: request.isEmergency,
            freeBreadth: breadth)
        if let user = request.lookUp {
            nextLookUp += 1
            let token = LookUpToken(nextLookUp)
            context.lookUp = token
            contextsByLookUp[token] = id
            timers.set(.lookUp(token), to: now + Self.lookUpTime)
            actions.append(.lookUp(token, user))
        }
        if case .server(let server) = request.upstream { contextsByServer[server] = id }
        if request.mayWait != nil { timers.set(.patience(id), to: now + Self.patience) }
        Self.add(request.targets, to: &context)
        contexts[id] = context
        // RFC 3428 §7 forks a MESSAGE to all devices at once: those that are found later would miss one that has been
        // answered. An INVITE rings at the known ones while the others are looked for.
        if context.lookUp == nil || context.method == .invite { startWaiting(id, at: now, into: &actions) }
        finishIfComplete(id, at: now, into: &actions)
    }

    /// RFC 3261 §16.5: a target is in the set only once.
    static func add(_ targets: [Target], to context: inout ResponseContext) {
        for target in Self.newDevices(of: targets, in: &context) where context.tried.count < maximumTargets {
            // Devices differ, whatever they call themselves behind their NATs.
            let isKnown = target.isNode || !target.devices.isEmpty
            guard isKnown || !context.tried.contains(where: { $0.isEquivalent(to: target.requestURI) }) else {
                continue
            }
            context.tried.append(target.requestURI)
            context.waiting.append(target)
        }
        context.waiting.sort { $0.preference > $1.preference }
    }

    private mutating func resolved(
        _ token: LookUpToken, _ targets: [Target], at now: Instant, into actions: inout [Action]
    ) {
        timers.remove(.lookUp(token))
        guard let id = contextsByLookUp.removeValue(forKey: token), contexts[id] != nil else { return }
        contexts[id]!.lookUp = nil
        if !contexts[id]!.isEnding { Self.add(targets, to: &contexts[id]!) }
        startWaiting(id, at: now, into: &actions)
        finishIfComplete(id, at: now, into: &actions)
    }

    mutating func makeClientTransactionID() -> ClientTransactionID {
        nextClient += 1
        return ClientTransactionID(nextClient)
    }
}

extension Target {
    /// Several nodes can hold bindings of one user: the Request-URI is the same for all.
    var isNode: Bool {
        if case .node? = nextHop { return true }
        return false
    }
}
