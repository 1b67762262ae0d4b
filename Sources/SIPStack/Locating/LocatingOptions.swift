import SIPMessages

/// By what this node can reach servers.
package struct LocatingOptions: Hashable, Sendable {
    /// The transports, the preferred one first: for domains whose DNS does not say which it prefers.
    package var transports: [SIPTransport]
    package var hasIPv4: Bool
    package var hasIPv6: Bool

    /// - Parameter listeners: a request leaves by what its answers and the requests of its dialog can come back by.
    package init(listeners: [SIPListener]) {
        let own = Set(listeners.map(\.transport))
        transports = [.udp, .tcp, .tls].filter { own.contains($0) }
        hasIPv4 = listeners.contains { $0.endpoint.address.isV4 }
        hasIPv6 = listeners.contains { !$0.endpoint.address.isV4 }
    }
}
