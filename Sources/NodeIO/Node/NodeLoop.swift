import NIOCore
import OverlayNode
import Primitives
import SIPStack

/// Everything around one ``OverlayNode``: its sockets, its journal, its timer and those who give it commands.
///
/// Lives on one event loop; ``RunningNode`` is its face to other threads.
final class NodeLoop: TransportReceiver {
    /// An overlay datagram is at most 1,280 bytes (DESIGN.md §4); with room for one that is too long to be seen as such.
    private static let datagrams = DatagramSocket.Shape(maximumSize: 2_048, vector: 64)
    /// How long a node may take to say good-bye.
    private static let farewellTime = TimeAmount.seconds(4)

    private let eventLoop: any EventLoop
    private let store: NodeStore
    let outside: OutsideSettings
    /// Asks name servers; nil where no domain outside the overlay is called.
    private var resolver: DNSResolver?
    let observe: (Observation) -> Void
    private var loop: CoreLoop<OverlayNode>?
    private var transports: SIPTransports!
    private var overlaySocket: DatagramSocket?
    private var control: ControlServer?
    /// Set once it is bound; closed with the node.
    var xcapEndpoint: XCAPEndpoint?
    private var xcapCalls: XCAPCalls!
    private var lastCommand: UInt64 = 0
    private var listeners: [CommandID: (Reply, _ isLast: Bool) -> Void] = [:]
    /// What came in between the binding of the sockets and the start of the node.
    private var early: [OverlayNode.Event] = []
    private var load = ThreadLoad()
    private var hasSaidGoodbye = false
    private var isOver = false
    private let ended: EventLoopPromise<Void>

    /// - Parameters:
    ///   - outside: how domains outside the overlay are reached.
    ///   - observe: told what the node observes, on the event loop.
    init(
        _ store: NodeStore, on eventLoop: any EventLoop, outside: OutsideSettings,
        observe: @escaping (Observation) -> Void
    ) {
        self.store = store
        self.outside = outside
        self.eventLoop = eventLoop
        self.observe = observe
        ended = eventLoop.makePromise()
        transports = SIPTransports(eventLoop: eventLoop, receiver: self)
        xcapCalls = XCAPCalls(on: eventLoop) { [weak self] id, call in
            guard let self else { return }
            if let loop {
                loop.handle(.xcap(id, call))
            } else {
                // The node has not begun yet.
                xcapCalls.answer(id, with: .unavailable)
            }
        }
    }

    /// Succeeds when the node has said good-bye and all is closed; fails when it had to give up.
    var end: EventLoopFuture<Void> { ended.futureResult }

    var directory: DataDirectory { store.directory }

    // MARK: starting

    /// Binds the sockets that `configuration` names.
    ///
    /// - Parameters:
    ///   - needsListeners: whether a SIP listener that can't be bound is an error, or merely a warning.
    ///   - certificate: for the listeners that encrypt; nil to make one where it is needed.
    /// - Returns: the configuration with the addresses as they were bound.
    func bind(
        _ configuration: NodeConfiguration, certificate: CertificateFiles?, needsListeners: Bool
    ) -> EventLoopFuture<NodeConfiguration> {
        do {
            let own = try identity(for: configuration, given: certificate)
            let identity = NIOLoopBound(own, eventLoop: eventLoop)
            if let own, !configuration.border.isClosed {
                transports.peering = .init(identity: own, trust: try PeerTrust(file: outside.trust))
            }
            let socket = try DatagramSocket(binding: configuration.overlay)
            overlaySocket = socket
            if !configuration.border.isClosed {
                resolver = try DNSResolver(on: eventLoop, asking: outside.dns) { [unowned self] question, answer in
                    loop?.handle(.answered(question, answer))
                }
            }
            var withOverlay = configuration
            withOverlay.overlay = Self.reachable(socket.local, bootstrap: configuration.bootstrap)
            withOverlay.sipListeners = []
            let bound = withOverlay
            let reader = DatagramReader(
                received: { [self] bytes, source in receive(.overlayDatagram(bytes, from: source)) },
                burstEnded: { [self] in burstEnded() },
                failed: { [self] error in transportFailed("the overlay's socket broke: \(error)") })
            let started = socket.start(on: eventLoop, shape: Self.datagrams, reader: reader).map { bound }
            return configuration.sipListeners.reduce(started) { future, listener in
                future.assumeIsolated().flatMap { [self] bound in
                    listen(listener, identity: identity.value, isNeeded: needsListeners).map { endpoint in
                        guard let endpoint else { return bound }
                        var bound = bound
                        bound.sipListeners.append(SIPListener(listener.transport, endpoint))
                        return bound
                    }
                }.nonisolated()
            }
        } catch {
            return eventLoop.makeFailedFuture(error)
        }
    }

    /// - Returns: the address bound; nil where the listener can be done without.
    private func listen(
        _ listener: SIPListener, identity: TLSIdentity?, isNeeded: Bool
    ) -> EventLoopFuture<Endpoint?> {
        let bound = transports.listen(listener.transport, at: listener.endpoint, identity: identity)
            .map { Optional($0) }
        return isNeeded
            ? bound
            : bound.assumeIsolated().flatMapErrorThrowing { [observe] error in
                let text = "\(error): no phone on this machine can use the node (--sip names another address)"
                observe(Observation(.warning, "listener", text))
                return nil
            }.nonisolated()
    }

    /// The address to name to other nodes for a socket: one bound to every address is named by that from which
    /// datagrams to the first known node leave.
    private static func reachable(_ local: Endpoint, bootstrap: [Endpoint]) -> Endpoint {
        guard local.address.isUnspecified else { return local }
        let documentation = Endpoint(address: IPAddress(v4: 0xC000_0201), port: 9)
        let address = OutgoingAddress.toward(bootstrap.first ?? documentation) ?? .loopback
        return Endpoint(address: address, port: local.port)
    }

    /// Gives the node what it remembered and lets it begin.
    ///
    /// - Parameter announce: called once nothing can be wrong with the configuration any more, before anything happens.
    func start(_ configuration: NodeConfiguration, random: RandomSource, announce: () -> Void) throws {
        try LastAddress(network: configuration.network, endpoint: configuration.overlay).write(to: store.directory)
        let entries = try store.journal.load()
        var clock = SystemClock()
        let node = try OverlayNode(
            configuration: configuration, identity: store.identity, random: random, restoring: entries, at: clock.now())
        let loop = CoreLoop(
            node, on: eventLoop, clock: clock, execute: { [unowned self] in execute($0) },
            finish: { [unowned self] in finishBurst() })
        self.loop = loop
        announce()
        loop.receive(.start)
        for event in early { loop.receive(event) }
        early.removeAll()
        loop.endBurst()
    }

    /// Opens the control socket.
    func openControl() -> EventLoopFuture<Void> {
        let control = ControlServer(
            store.directory, on: eventLoop, makeID: { [unowned self] in makeID() },
            handle: { [weak self] in self?.loop?.handle(.command($0, $1)) },
            cancel: { [weak self] in self?.loop?.handle(.cancel($0)) })
        self.control = control
        return control.start()
    }

    // MARK: events

    func receive(_ event: TransportEvent) { receive(OverlayNode.Event.sip(event)) }

    private func receive(_ event: OverlayNode.Event) {
        if let loop { loop.receive(event) } else if early.count < 1_000 { early.append(event) }
    }

    func burstEnded() { loop?.endBurst() }

    func transportFailed(_ reason: String) { giveUp(NodeFailure(reason)) }

    private func makeID() -> CommandID {
        lastCommand += 1
        return CommandID(lastCommand)
    }

    /// Gives the node a command from within this process.
    func command(_ command: Command, reply: @escaping (Reply, _ isLast: Bool) -> Void) {
        guard let loop, !isOver else {
            reply(.failed(reason: "the node is not running"), true)
            return
        }
        let id = makeID()
        listeners[id] = reply
        loop.handle(.command(id, command))
    }

    /// Hands the node an XCAP request.
    func begin(_ call: XCAPCall) -> EventLoopFuture<XCAPAnswer> { xcapCalls.begin(call) }

    // MARK: actions

    private func execute(_ action: OverlayNode.Action) {
        switch action {
        case .overlayTransmit(let bytes, let endpoint): overlaySocket?.send(bytes, to: endpoint)
        case .sip(let action): transports.perform(action)
        case .query(let question):
            // Where there is no resolver nothing is asked; and whoever asks must hear something.
            if let resolver { resolver.ask(question) } else { loop?.receive(.answered(question, .failure)) }
        case .persist(let entry): store.journal.put(entry)
        case .forget(let room, let key): store.journal.remove(room, key: key)
        case .reply(let id, let reply, let isLast):
            // A reply goes out at once, so what it tells of must be kept by then.
            guard commit() else { return }
            if let listener = listeners[id] {
                if isLast { listeners[id] = nil }
                listener(reply, isLast)
            } else {
                control?.reply(reply, to: id, isLast: isLast)
            }
        case .xcapAnswer(let id, let answer):
            guard commit() else { return }
            xcapCalls.answer(id, with: answer)
        case .observe(let observation): observe(observation)
        case .stopped: hasSaidGoodbye = true
        }
    }

    /// What the burst's actions wrote leaves only once all they persisted is on disk.
    private func finishBurst() {
        guard !isOver, load.counting({ commit() }) else { return }
        transports.flush()
        overlaySocket?.flush { _ in }
        if let busy = load.measure() { loop?.receive(.load(busy)) }
        if hasSaidGoodbye { close(.success(())) }
    }

    /// Makes durable what was persisted so far; gives up when that can't be.
    private func commit() -> Bool {
        do {
            try store.journal.commit()
            return true
        } catch {
            giveUp(NodeFailure("the journal \(store.directory.journalPath) can't be written: \(error)"))
            return false
        }
    }

    // MARK: ending

    /// Lets the node say good-bye, and closes everything when it has, or after four seconds.
    func stop() {
        guard let loop, !isOver else {
            close(.success(()))
            return
        }
        eventLoop.assumeIsolated().scheduleTask(in: Self.farewellTime) { [weak self] in self?.close(.success(())) }
        xcapEndpoint?.stop()
        loop.handle(.stop)
    }

    /// Closes what was opened for a node that could not start.
    func abandon() { close(.success(())) }

    /// Ends without a word: what can't be kept must not be acknowledged.
    private func giveUp(_ failure: NodeFailure) { close(.failure(failure)) }

    private func close(_ result: Result<Void, any Error>) {
        guard !isOver else { return }
        isOver = true
        loop?.stop()
        for (_, listener) in listeners { listener(.failed(reason: "the node stopped"), true) }
        listeners.removeAll()
        xcapCalls.stop()
        xcapEndpoint?.close()
        xcapEndpoint = nil
        control?.close()
        transports.close()
        resolver?.close()
        overlaySocket?.close()
        ended.completeWith(
            result.flatMap {
                Result { try store.close() }
            })
        store.abandon()
    }
}
