import Identity
import Kademlia
import NIOCore
import NodeIO
import Primitives

/// A peer with a UDP socket of its own: hands it datagrams in bursts and carries out what it wants done, in the way
/// in which `NodeIO` drives a node. Lives on its event loop.
final class PeerLoop {
    let identity: NodeIdentity
    let endpoint: Endpoint

    private let eventLoop: any EventLoop
    private let socket: DatagramSocket
    private var peer: OverlayPeer
    private var clock = SystemClock()
    private var actions: [OverlayPeer.Action] = []
    private var timer: (task: Scheduled<Void>, deadline: Instant)?
    private var isOpen = true

    private var lastToken: UInt64 = 0
    private var finds: [LookupToken: (LookupOutcome) -> Void] = [:]
    private var stores: [StoreToken: (StoreOutcome) -> Void] = [:]
    private var watches: [WatchToken: (RecordChange) -> Void] = [:]

    init(network: String, on eventLoop: any EventLoop, random: inout RandomSource) throws {
        self.eventLoop = eventLoop
        identity = NodeIdentity(random: &random)
        socket = try DatagramSocket(binding: Endpoint(address: .loopback, port: 0))
        endpoint = socket.local
        peer = OverlayPeer(identity: identity, network: network, random: random.split())
    }

    /// Begins to read, and joins through the given addresses.
    func start(bootstrap: [Endpoint]) -> EventLoopFuture<Void> {
        let reader = DatagramReader(
            received: { [unowned self] bytes, source in receive(.datagram(bytes, from: source)) },
            burstEnded: { [unowned self] in endBurst() },
            failed: { error in preconditionFailure("a peer's socket broke: \(error)") })
        let started = socket.start(
            on: eventLoop, shape: DatagramSocket.Shape(maximumSize: 2_048, vector: 64), reader: reader)
        perform(.join(bootstrap: bootstrap, remembered: []))
        return started
    }

    /// Dies without a word.
    func close() {
        isOpen = false
        timer?.task.cancel()
        timer = nil
        socket.close()
    }

    // MARK: what a user of the overlay does

    func get(_ kind: RecordKind, _ resource: ResourceID, quorum: Int, then done: @escaping (LookupOutcome) -> Void) {
        let token = LookupToken(newToken())
        finds[token] = done
        perform(.lookUp(token, kind, resource, LookupOptions(quorum: quorum)))
    }

    func put(_ record: Record, isKept: Bool, then done: @escaping (StoreOutcome) -> Void) {
        let token = StoreToken(newToken())
        stores[token] = done
        perform(isKept ? .keep(token, record, StoreOptions()) : .store(token, record, StoreOptions()))
    }

    func watch(_ kind: RecordKind, _ resource: ResourceID, changed: @escaping (RecordChange) -> Void) -> WatchToken {
        let token = WatchToken(newToken())
        watches[token] = changed
        perform(.watch(token, kind, resource))
        return token
    }

    func unwatch(_ token: WatchToken) {
        watches[token] = nil
        perform(.unwatch(token))
    }

    private func newToken() -> UInt64 {
        lastToken += 1
        return lastToken
    }

    private func perform(_ event: Kademlia.Event) {
        receive(.overlay(event))
        endBurst()
    }

    // MARK: the loop

    private func receive(_ event: OverlayPeer.Event) {
        guard isOpen else { return }
        peer.handle(event, at: clock.now(), into: &actions)
    }

    private func endBurst() {
        guard isOpen else { return }
        let due = actions
        actions.removeAll(keepingCapacity: true)
        for action in due {
            switch action {
            case .transmit(let bytes, let endpoint): socket.send(bytes, to: endpoint)
            case .overlay(.found(let token, let outcome)): finds.removeValue(forKey: token)?(outcome)
            case .overlay(.stored(let token, let outcome)): stores.removeValue(forKey: token)?(outcome)
            case .overlay(.changed(let token, let change)): watches[token]?(change)
            case .overlay: break
            }
        }
        socket.flush { _ in }
        setTimer()
    }

    private func setTimer() {
        guard let deadline = peer.nextDeadline else { return }
        // A timer that fires too early is cheaper than one set anew for every event: it just looks again.
        if let timer, timer.deadline <= deadline { return }
        timer?.task.cancel()
        let delay = max(Interval.zero, deadline - clock.now())
        let task = eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(delay.nanoseconds)) {
            [weak self] () -> Void in
            self?.timerFired()
        }
        timer = (task, deadline)
    }

    private func timerFired() {
        timer = nil
        if let deadline = peer.nextDeadline, deadline <= clock.now() {
            receive(.wake)
            endBurst()
        } else {
            setTimer()
        }
    }
}
