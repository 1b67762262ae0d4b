@preconcurrency import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT as an order to stop. The first asks the node; the second ends the program at once.
final class StopSignals: Sendable {
    private struct State: ~Copyable {
        var hasCome = false
        var action: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    // Made in the initializer and only kept from then on, so threads never share a use of them.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    init() {
        let queue = DispatchQueue(label: "starling.signals")
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        for source in sources {
            source.setEventHandler { [weak self] in self?.received() }
            source.resume()
        }
    }

    /// Has `action` called at the first signal, at once when it came already.
    func whenReceived(_ action: @escaping @Sendable () -> Void) {
        let hasCome = state.withLock { state in
            state.action = action
            return state.hasCome
        }
        if hasCome { action() }
    }

    private func received() {
        let (isFirst, action) = state.withLock { state in
            defer { state.hasCome = true }
            return (!state.hasCome, state.action)
        }
        if isFirst { action?() } else { _exit(ExitStatus.failed.rawValue) }
    }
}
