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

    /// The hop to the server of another domain with which a dialog was set up over TLS, when Route leads there by
    /// address: an address alone does not say whom the server must prove to be, the dialog does.
    func peerHop(of token: RouteToken?, for request: SIPMessage) -> NextHop? {
        guard let flow = token?.flow, flow.transport == .tls, case .endpoint(let remote) = flow.remote,
            let route = request.values(.route).first, let uri = (try? NameAddress(route, of: .route))?.uri,
            case .address(.tls, let endpoint)? = nextHop(for: uri), endpoint.address == remote.address
        else { return nil }
        // Who has proved nothing is reached over the connection that it opened, or not at all.
        guard let domain = flow.domain else { return .flow(flow) }
        return .flow(Flow(transport: .tls, local: flow.local, remote: .endpoint(endpoint), domain: domain))
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
