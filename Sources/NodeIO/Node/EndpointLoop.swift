import NIOCore
import SIPStack

/// What a ``SIPEndpoint`` is on its event loop.
final class EndpointLoop<Core: TransportCore>: TransportReceiver {
    private let eventLoop: any EventLoop
    private let report: @Sendable (Core.Action) -> Void
    private var loop: CoreLoop<Core>?
    private(set) var transports: SIPTransports!

    init(on eventLoop: any EventLoop, report: @escaping @Sendable (Core.Action) -> Void) {
        self.eventLoop = eventLoop
        self.report = report
        transports = SIPTransports(eventLoop: eventLoop, receiver: self)
    }

    func start(_ core: Core) {
        loop = CoreLoop(
            core, on: eventLoop, execute: { [unowned self] in execute($0) },
            finish: { [unowned self] in transports.flush() })
        loop?.endBurst()
    }

    func handle(_ event: Core.Event) { loop?.handle(event) }

    func receive(_ event: TransportEvent) { loop?.receive(Core.event(for: event)) }

    func burstEnded() { loop?.endBurst() }

    /// What was sent over a broken socket fails in the core's own time.
    func transportFailed(_ reason: String) {}

    private func execute(_ action: Core.Action) {
        if let action = Core.transportAction(in: action) {
            transports.perform(action)
        } else {
            report(action)
        }
    }

    func stop() {
        loop?.stop()
        transports.close()
    }
}
