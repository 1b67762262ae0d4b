import Primitives
import SIPMessages

/// A node's SIP side as one core: transactions, digest authentication, registrar and proxy.
///
/// It answers what is meant for the server itself, keeps registrations, forwards what is for others, and hands the
/// requests of event packages up to its user. It knows nothing of an overlay but that some flows lead to nodes and that
/// somebody can be asked where a user is.
package struct SIPServer: Sendable {
    package typealias Event = SIPServerEvent
    package typealias Action = SIPServerAction

    /// How long a request that was handed up may go without an answer before it gets a 500; shorter than the client's
    /// patience of 64*T1.
    static let handedUpTime = Interval.seconds(20)
    /// How long the user of this core may take to keep a message: with the time of the look-up before it less than the
    /// client waits (32 s, RFC 3261 §17.1.2.2).
    static let keepingTime = Interval.seconds(15)

    let configuration: SIPServerConfiguration
    let router: Router
    /// What an OPTIONS is answered with.
    let capabilities: [(HeaderName, String)]
    /// Under which the tags of stateless answers are made.
    let tagKey: [UInt8]
    var layer: TransactionLayer
    var registrar: Registrar
    var proxy: Proxy
    var authenticator: Authenticator
    var locator: ServerLocator
    var random: RandomSource
    /// nil where every address may send as much as it likes.
    var sources: SourceLimiter?
    /// Requests that were handed up and not answered yet.
    var handedUp: [ServerTransactionID: SIPMessage] = [:]
    var handedUpUntil = DeadlineQueue<ServerTransactionID>()
    var waitingACKs: [UInt64: (SIPMessage, Target)] = [:]
    var lastACK: UInt64 = 0
    /// The requests of this core's user that went out without the proxy, by their transaction.
    var ownRequests: [ClientTransactionID: RequestToken] = [:]
    /// What the transaction layer has said and nobody has dealt with yet.
    var fromLayer: [TransactionLayer.Action] = []
    private var fromProxy: [Proxy.Action] = []
    private var fromRegistrar: [Registrar.Action] = []

    package init(configuration: SIPServerConfiguration, random: RandomSource) {
        var random = random
        let secret = configuration.secret ?? random.bytes(32)
        self.configuration = configuration
        router = Router(configuration, secret: secret)
        capabilities = Self.capabilities(configuration)
        tagKey = Digest.hmacSHA256(key: secret, Array("tag".utf8))
        layer = TransactionLayer(
            configuration: TransactionConfiguration(
                listeners: configuration.listeners, overlayHost: OverlayHost.name(of: configuration.nodeID),
                timers: configuration.timers, maximumServerTransactions: configuration.maximumTransactions,
                maximumClientTransactions: configuration.maximumTransactions),
            random: random.split())
        registrar = Registrar(
            configuration: configuration.registrar, temporaryGRUUs: router.temporaryGRUUs, random: random.split())
        proxy = Proxy(router: router, random: random.split())
        authenticator = Authenticator(secret: secret, random: &random)
        locator = ServerLocator(
            options: LocatingOptions(listeners: configuration.listeners), random: random.split())
        sources = configuration.sourceLimits.map { SourceLimiter($0) }
        self.random = random
    }

    package var nextDeadline: Instant? {
        Instant.earliest(
            Instant.earliest(layer.nextDeadline, registrar.nextDeadline),
            Instant.earliest(
                Instant.earliest(proxy.nextDeadline, handedUpUntil.earliest), locator.nextDeadline))
    }

    /// The contacts that a user has registered at this node.
    package func bindings(of aor: AddressOfRecord, at now: Instant) -> [Binding] {
        registrar.bindings(of: aor, at: now)
    }

    /// How many users have bindings here.
    package var registeredCount: Int { registrar.count }

    /// Where a user's phones are registered here.
    package func contacts(of user: AddressOfRecord, at now: Instant) -> [SIPURI] {
        registrar.bindings(of: user, at: now).map(\.contact)
    }

    /// How many transactions of both kinds are remembered.
    package var transactionCount: Int { layer.count }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        switch event {
        case .transport(let event): receive(event, at: now, into: &actions)
        case .setAccount(let aor, let credentials): authenticator.setCredentials(credentials, of: aor)
        case .resolved(let token, let targets): drive(.resolved(token, targets), at: now, into: &actions)
        case .respond(let id, let response):
            if let status = response.statusCode, status >= 200 { settle(id) }
            answer(id, response, at: now)
        case .sendRequest(let token, let request, let hop):
            originate(token, request, to: hop, at: now, into: &actions)
        case .answered(let question, let answer): locate(.answer(question, answer), at: now, into: &actions)
        case .restoreBinding(let bytes): driveRegistrar(.restore(bytes), at: now, into: &actions)
        case .removeBindings(let aor): driveRegistrar(.remove(aor), at: now, into: &actions)
        case .load(let busy): layer.handle(.load(busy), at: now, into: &fromLayer)
        case .wake: break
        }
        wake(at: now, into: &actions)
        drain(at: now, into: &actions)
    }

    private mutating func receive(_ event: TransportEvent, at now: Instant, into actions: inout [Action]) {
        switch event {
        case .received(let bytes, let flow), .framingFailed(let bytes, let flow, _):
            guard isAllowed(bytes, from: flow) else {
                actions.append(.observe(.sourceRefused(flow.remote)))
                if case .framingFailed = event { actions.append(.transport(.close(flow))) }
                return
            }
            guard isWithinLimits(bytes, from: flow, at: now, into: &actions) else { return }
            // RFC 5626 §8: STUN shares the UDP ports of SIP.
            if flow.transport == .udp, STUNServer.takes(bytes), case .endpoint(let source) = flow.remote {
                let answer = STUNServer.answer(bytes, from: source)
                if let answer { actions.append(.transport(.transmit(answer, on: flow))) }
                return
            }
        case .closed(let flow), .sendFailed(let flow):
            if flow.connection != 0 { driveRegistrar(.connectionClosed(flow), at: now, into: &actions) }
        case .unsent: break
        }
        layer.handle(.transport(event), at: now, into: &fromLayer)
    }

    /// Requests are taken from the configured addresses only; responses answer what we sent, wherever to.
    private func isAllowed(_ bytes: [UInt8], from flow: Flow) -> Bool {
        guard let allowed = configuration.allowedSources, let address = flow.remote.address else { return true }
        return allowed.contains { $0.contains(address) } || bytes.starts(with: "SIP/2.0 ".utf8)
    }

    /// Whether credentials are asked of what comes over this flow: not of nodes, whose sessions are authenticated, and
    /// not of trusted addresses.
    func isTrusted(_ flow: Flow) -> Bool {
        guard let address = flow.remote.address else { return true }
        return configuration.trusted.contains { $0.contains(address) }
    }

    private mutating func wake(at now: Instant, into actions: inout [Action]) {
        if let deadline = layer.nextDeadline, deadline <= now { layer.handle(.wake, at: now, into: &fromLayer) }
        if let deadline = registrar.nextDeadline, deadline <= now {
            driveRegistrar(.wake, at: now, into: &actions)
        }
        if let deadline = proxy.nextDeadline, deadline <= now { drive(.wake, at: now, into: &actions) }
        if let deadline = locator.nextDeadline, deadline <= now { locate(.wake, at: now, into: &actions) }
        while let id = handedUpUntil.popDue(at: now) {
            guard let request = handedUp.removeValue(forKey: id) else { continue }
            answer(id, request.response(500, toTag: random.token(12)), at: now)
        }
    }

    /// Deals with all that the transaction layer said, and with what that makes it say.
    private mutating func drain(at now: Instant, into actions: inout [Action]) {
        var next = 0
        while next < fromLayer.count {
            let action = fromLayer[next]
            next += 1
            switch action {
            case .transport(let action): actions.append(.transport(action))
            case .request(let id, let request, let flow):
                receive(request, as: id, on: flow, at: now, into: &actions)
            case .ack(let ack, let flow): forward(ack: ack, from: flow, at: now, into: &actions)
            case .cancelled(let id, _): drive(.cancelled(id), at: now, into: &actions)
            case .response(let id, let response):
                if let token = ownRequests[id] {
                    answered(token, response, into: &actions)
                } else {
                    passed(response, into: &actions)
                    drive(.response(id, response), at: now, into: &actions)
                }
            case .failed(let id, let status):
                if let token = ownRequests[id] {
                    actions.append(.requestFailed(token, status: status))
                } else {
                    drive(.failed(id, status: status), at: now, into: &actions)
                }
            case .clientEnded(let id):
                guard ownRequests.removeValue(forKey: id) == nil else { continue }
                drive(.ended(id), at: now, into: &actions)
            case .serverEnded(let id): settle(id)
            // RFC 6026 §7.3: a proxy does not forward responses of which it knows nothing.
            case .strayResponse: break
            // RFC 3261 §17.2.1 leaves it to the user what to do about a missing ACK; a proxy has nothing to undo.
            case .unacknowledged: break
            case .undelivered(let id, let via): locateReply(via, of: id, at: now, into: &actions)
            case .observe(let observation): actions.append(.observe(observation))
            }
        }
        fromLayer.removeAll(keepingCapacity: true)
    }

    mutating func answer(_ id: ServerTransactionID, _ response: SIPMessage, at now: Instant) {
        layer.handle(.respond(id, response), at: now, into: &fromLayer)
    }

    /// Answers a request of which nothing is remembered: one that anybody may send, or that is to come again with
    /// credentials. No transaction is kept (RFC 3261 §8.2.7), so a flood of them takes no room.
    mutating func answerStatelessly(_ id: ServerTransactionID, _ response: SIPMessage, at now: Instant) {
        layer.handle(.respondStatelessly(id, response), at: now, into: &fromLayer)
    }

    mutating func send(_ request: SIPMessage, as id: ClientTransactionID, to hop: NextHop, at now: Instant) {
        layer.handle(.send(id, request, to: hop, branchSuffix: nil), at: now, into: &fromLayer)
    }

    mutating func sendStatelessly(_ request: SIPMessage, to hop: NextHop, at now: Instant) {
        layer.handle(.sendStatelessly(request, to: hop), at: now, into: &fromLayer)
    }

    private mutating func settle(_ id: ServerTransactionID) {
        guard handedUp.removeValue(forKey: id) != nil else { return }
        handedUpUntil.remove(id)
    }

    mutating func drive(_ event: Proxy.Event, at now: Instant, into actions: inout [Action]) {
        var said = fromProxy
        fromProxy = []
        proxy.handle(event, at: now, into: &said)
        for action in said {
            switch action {
            case .send(let id, let request, let hop, let suffix):
                layer.handle(
                    .send(id, request, to: hop, branchSuffix: suffix), at: now, into: &fromLayer)
            case .cancel(let id): layer.handle(.cancel(id), at: now, into: &fromLayer)
            case .respond(let id, let response):
                passedBack(response, into: &actions)
                answer(id, response, at: now)
            case .absent(let id, let request, let recipient, let sender, let status):
                handedUp[id] = request
                handedUpUntil.set(id, to: now + Self.keepingTime)
                actions.append(.absent(id, request, recipient: recipient, sender: sender, status: status))
            case .unanswered(let request): unanswered(request, into: &actions)
            case .response(let token, let response): actions.append(.response(token, response))
            case .requestFailed(let token, let status): actions.append(.requestFailed(token, status: status))
            case .lookUp(let token, let aor): actions.append(.lookUp(token, aor))
            case .locate(let id, let name): locate(.locate(.branch(id), name), at: now, into: &actions)
            case .forgetLocation(let id): locate(.forget(.branch(id)), at: now, into: &actions)
            case .serverFailed(let server, let time): locate(.failed(server, for: time), at: now, into: &actions)
            case .observe(let observation): actions.append(.observe(observation))
            }
        }
        said.removeAll(keepingCapacity: true)
        fromProxy = said
    }

    mutating func driveRegistrar(_ event: Registrar.Event, at now: Instant, into actions: inout [Action]) {
        var said = fromRegistrar
        fromRegistrar = []
        registrar.handle(event, at: now, into: &said)
        for action in said {
            switch action {
            case .respond(let id, let response): answer(id, response, at: now)
            case .persist(let key, let bytes): actions.append(.persistBinding(key: key, bytes))
            case .forget(let key): actions.append(.forgetBinding(key: key))
            case .bindingsChanged(let aor, let bindings): actions.append(.bindingsChanged(aor, bindings))
            case .limitSilence(let flow, let time): actions.append(.transport(.limitSilence(flow, time)))
            case .observe(let observation): actions.append(.observe(observation))
            }
        }
        said.removeAll(keepingCapacity: true)
        fromRegistrar = said
    }
}
