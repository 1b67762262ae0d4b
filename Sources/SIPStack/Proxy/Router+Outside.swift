import Primitives
import SIPMessages

/// The way to servers outside the overlay.
extension Router {
    /// The server that a URI names, if it is one that may be looked for through the DNS.
    func serverName(for uri: SIPURI) -> ServerName? {
        guard !border.isClosed, let name = ServerName(uri), IPAddress(name.host) == nil,
            !domains.contains(name.host), border.allows(name.host)
        else { return nil }
        return name
    }

    /// The hop to a server that was found. A connection by TLS is one to the domain, not merely to the address.
    func hop(to server: ServerAddress) -> NextHop {
        guard server.transport == .tls else { return .address(server.transport, server.endpoint) }
        let local = listeners.best(for: .tls, to: server.endpoint.address)?.endpoint
        return .flow(
            Flow(
                transport: .tls, local: local ?? Endpoint(address: .any, port: 0), remote: .endpoint(server.endpoint),
                domain: server.domain))
    }

    /// Whether a request leaves the trust domain by this hop (RFC 3325 §2.3): the overlay's nodes, the trusted addresses
    /// and the phones that registered here are inside.
    func isOutside(_ hop: NextHop) -> Bool {
        switch hop {
        case .node: false
        case .flow(let flow): flow.domain != nil
        case .address(_, let endpoint): !trusted.contains { $0.contains(endpoint.address) }
        }
    }
}
