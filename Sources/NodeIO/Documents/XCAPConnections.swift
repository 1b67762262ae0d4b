import NIOCore
import Primitives
import Synchronization

/// What peers hold of an ``XCAPEndpoint``: its open connections and the requests under way on them.
final class XCAPConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var countFrom: [IPAddress: Int] = [:]
        var calls = 0
        var isStopped = false
    }

    private let limits: XCAPEndpointLimits
    private let state = Mutex(State())

    init(_ limits: XCAPEndpointLimits) { self.limits = limits }

    /// Takes in a connection until it closes; false, and nothing is taken, beyond the limits and after ``stop()``.
    func admit(_ channel: any Channel) -> Bool {
        guard let remote = Endpoint(channel.remoteAddress) else { return false }
        // Whoever has one address of an IPv6 network has all of them.
        let source = remote.address.isV4 ? remote.address : IPAddress(high: remote.address.high, low: 0)
        let isAdmitted = state.withLock { state in
            guard !state.isStopped, state.channels.count < limits.connections,
                state.countFrom[source, default: 0] < limits.connectionsFromOneAddress
            else { return false }
            state.channels[ObjectIdentifier(channel)] = channel
            state.countFrom[source, default: 0] += 1
            return true
        }
        if isAdmitted { channel.closeFuture.whenComplete { [self] _ in remove(channel, from: source) } }
        return isAdmitted
    }

    private func remove(_ channel: any Channel, from source: IPAddress) {
        state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            if let count = state.countFrom[source] { state.countFrom[source] = count > 1 ? count - 1 : nil }
        }
    }

    /// Makes room for a request; false when there is none. ``endCall()`` gives the room back.
    func beginCall() -> Bool {
        state.withLock { state in
            guard state.calls < limits.calls else { return false }
            state.calls += 1
            return true
        }
    }

    func endCall() { state.withLock { $0.calls -= 1 } }

    /// Takes in no more connections.
    ///
    /// - Returns: those that are open.
    func stop() -> [any Channel] {
        state.withLock { state in
            state.isStopped = true
            return Array(state.channels.values)
        }
    }
}
