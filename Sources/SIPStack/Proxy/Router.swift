import Primitives
import SIPMessages

/// What the proxy knows of names: which URIs mean itself, where others lead, and how it names itself to both sides.
struct Router: Sendable {
    /// A request with its route information preprocessed (RFC 3261 §16.4).
    struct Routed: Sendable {
        var request: SIPMessage
        /// The token of the last Record-Route URI of ours that was taken off, if it was a good one: it faces the side
        /// that the request is going to.
        var token: RouteToken?
    }

    /// How many consecutive Route values of ours are taken off: two from each passage (RFC 5658 §5), and spirals are
    /// rare.
    private static let maximumOwnRoutes = 4

    let nodeID: NodeID
    let domains: Set<String>
    let listeners: [SIPListener]
    let border: Border
    let trusted: [AddressPrefix]
    let temporaryGRUUs: TemporaryGRUUs
    let key: [UInt8]
    private let overlayHost: String
    private let ownHosts: Set<String>
    private let ports: Set<UInt16>
    /// Every sent-by that this node writes into Vias.
    let sentBys: Set<String>

    init(_ configuration: SIPServerConfiguration, secret: [UInt8]) {
        nodeID = configuration.nodeID
        domains = Set(configuration.domains)
        listeners = configuration.listeners
        border = configuration.border
        trusted = configuration.trusted
        temporaryGRUUs = TemporaryGRUUs(node: configuration.nodeID, secret: secret)
        key = Digest.hmacSHA256(key: secret, Array("route".utf8))
        overlayHost = OverlayHost.name(of: configuration.nodeID)
        var hosts: Set<String> = []
        for listener in listeners {
            if let host = listener.advertisedHost { hosts.insert(host.lowercased()) }
            let address = listener.endpoint.address
            hosts.insert(Self.host(of: address))
            if address.isLoopback || address.isUnspecified { hosts.insert("localhost") }
        }
        ownHosts = hosts
        ports = Set(listeners.map(\.endpoint.port))
        sentBys = Set(listeners.map { $0.sentBy.lowercased() } + [overlayHost])
    }

    private static func host(of address: IPAddress) -> String { address.isV4 ? "\(address)" : "[\(address)]" }

    /// Whether the URI's host and port are a socket of this node, or its name in the overlay.
    ///
    /// - Parameter arrival: the address that the request came in by is ours as well, whatever the listener is bound to.
    func isSelf(_ uri: SIPURI, arrival: Flow?) -> Bool {
        guard uri.isSIP else { return false }
        let host = uri.host.lowercased()
        if host == overlayHost { return true }
        let port = uri.port ?? (uri.transport ?? .udp).defaultPort
        guard ports.contains(port) else { return false }
        if ownHosts.contains(host) { return true }
        guard let arrival, let address = uri.hostAddress else { return false }
        return address == arrival.local.address
    }

    /// Whether the URI's host is a domain that this node serves, under a port that is ours or none.
    func isOwnDomain(_ uri: SIPURI) -> Bool {
        guard uri.isSIP, domains.contains(uri.host.lowercased()) else { return false }
        return uri.port.map { ports.contains($0) || $0 == 5060 } ?? true
    }

    /// RFC 3261 §16.4: takes off what a Route says about this very node.
    func preprocess(_ request: SIPMessage, arrival: Flow?) -> Routed {
        guard request.contains(.route), let callID = try? request.callID else { return Routed(request: request) }
        var routes = request.values(.route).map { try? NameAddress($0, of: .route) }
        var replacement: SIPURI?
        // RFC 3261 §16.4: a Request-URI that this proxy had put into Record-Route comes from a strict router: the real
        // one is the last Route value. Only a URI with our own seal is taken for that.
        if let uri = request.requestURI, uri.isLooseRouter, isSelf(uri, arrival: arrival),
            token(of: uri, callID: callID) != nil, let last = routes.last, let real = last?.uri
        {
            replacement = real
            routes.removeLast()
        }
        var own = 0
        var token: RouteToken?
        for route in routes.prefix(Self.maximumOwnRoutes) {
            guard let uri = route?.uri, isSelf(uri, arrival: arrival) || (isOwnDomain(uri) && uri.user == nil) else {
                break
            }
            own += 1
            token = self.token(of: uri, callID: callID)
        }
        guard own > 0 || replacement != nil else { return Routed(request: request) }
        let edited = request.editing { edit in
            for _ in 0..<own { edit.removeFirstValue(.route) }
            guard let replacement else { return }
            edit.setRequestURI(replacement)
            // What is left of Route, without its last value.
            edit.removeAll(.route)
            for route in routes.dropFirst(own) { if let route { edit.append(.route, route) } }
        }
        return Routed(request: edited, token: token)
    }

    private func token(of uri: SIPURI, callID: String) -> RouteToken? {
        uri.user.flatMap { RouteToken($0, callID: callID, key: key) }
    }

    /// Whether a request that goes to this target stays with the ends of the dialog that the token was made for.
    func isWithinDialog(_ request: SIPMessage, to target: Target, token: RouteToken) -> Bool {
        let route = target.route.first ?? request.values(.route).first?.string
        let next = route.map { (try? NameAddress(HeaderText($0), of: .route))?.uri } ?? target.requestURI
        guard let next else { return false }
        return switch target.nextHop ?? nextHop(for: next) {
        case .flow(let flow): flow == token.flow || token.leads(to: flow.remote, key: key)
        case .address(_, let endpoint): token.leads(to: .endpoint(endpoint), key: key)
        case .node(let node): token.leads(to: .node(node), key: key)
        case nil: false
        }
    }

    /// Where a URI leads without asking anybody: a node of the overlay, or a numeric host (RFC 3263 §4.1, §4.2).
    func nextHop(for uri: SIPURI) -> NextHop? {
        if let node = OverlayHost.node(named: uri.host) { return node == nodeID ? nil : .node(node) }
        // RFC 3263 §4: an maddr parameter stands for the host.
        guard uri.isSIP, let address = uri.parameters["maddr"].map({ IPAddress($0) }) ?? uri.hostAddress else {
            return nil
        }
        // RFC 3263 §4.1: with a numeric host and no transport parameter a SIP URI means UDP, a SIPS URI TLS.
        let transport = uri.transport ?? .udp
        return .address(transport, Endpoint(address: address, port: uri.port ?? transport.defaultPort))
    }

    /// The Record-Route values for a request that comes by `arrival` and goes to `hop`: the topmost first.
    ///
    /// RFC 3261 §16.6 step 4, RFC 5658 §5: one value when both sides reach this node by the same URI, two when they
    /// don't; then the one that faces the next hop stands on top.
    func recordRoutes(
        for request: SIPMessage, arrival: Flow, target: Target, hop: NextHop, isEmergency: Bool
    ) -> [String] {
        guard let callID = try? request.callID else { return [] }
        let inward = self.flow(worthKeeping: arrival, contact: (try? request.contacts)?.first?.uri)
        var outward: Flow?
        var outgoing: (transport: SIPTransport, local: Endpoint?)
        let end: Remote
        switch hop {
        case .flow(let flow):
            outward = self.flow(worthKeeping: flow, contact: target.requestURI)
            outgoing = (flow.transport, flow.local)
            end = flow.remote
        case .address(let transport, let endpoint):
            let listener = listeners.best(for: transport, to: endpoint.address)
            outgoing = (transport, listener?.endpoint)
            end = .endpoint(endpoint)
        case .node(let node):
            outgoing = (.overlay, nil)
            end = .node(node)
        }
        let ends = (arrival.remote, end)
        // RFC 3261 §16.6 step 4: a request to a SIPS URI gets SIPS URIs, so that what follows is encrypted too.
        let scheme = request.requestURI?.scheme == .sips ? SIPURI.Scheme.sips : .sip
        let below = uri(
            scheme, transport: outgoing.transport, local: outgoing.local,
            user: RouteToken(flow: outward, between: ends, isEmergency: isEmergency, key: key)
                .text(callID: callID, key: key))
        let above = uri(
            scheme, transport: arrival.transport, local: arrival.local,
            user: RouteToken(flow: inward, between: ends, isEmergency: isEmergency, key: key)
                .text(callID: callID, key: key))
        return below == above ? ["<\(above)>"] : ["<\(below)>", "<\(above)>"]
    }

    /// The flow, if a request within the dialog could not find its way by the contact's address alone: a connection
    /// that only the user agent can open, or a NAT between it and us. RFC 5626 §4.3: `ob` in a contact says that its
    /// owner wants to be reached by the flow for as long as the dialog lasts.
    private func flow(worthKeeping flow: Flow, contact: SIPURI?) -> Flow? {
        guard case .endpoint(let remote) = flow.remote else { return nil }
        let isWanted = flow.transport.isReliable || contact?.endpoint != remote || contact?.parameter("ob") != nil
        return isWanted ? flow : nil
    }

    func uri(
        _ scheme: SIPURI.Scheme, transport: SIPTransport, local: Endpoint?, user: String
    ) -> SIPURI {
        if transport == .overlay {
            var uri = OverlayHost.uri(of: nodeID, user: user)
            uri.scheme = scheme
            return uri
        }
        let listener =
            listeners.first { $0.transport == transport && $0.endpoint == local }
            ?? listeners.first { $0.transport == transport } ?? listeners.first
        let endpoint = local ?? listener?.endpoint ?? Endpoint(address: .loopback, port: 5060)
        let isBound = endpoint.address.isUnspecified || endpoint.port == 0
        let shown = isBound ? listener?.endpoint ?? endpoint : endpoint
        var parameters = Parameters()
        // RFC 7118 §5.2: a WebSocket is "ws" whether or not it is encrypted. RFC 5630 §3.1.3 would rather have no
        // "tls", but phones that are to come back by TLS with a SIP URI know nothing else; a SIPS URI says it itself.
        switch transport {
        case .udp, .overlay: break
        case .ws, .wss: parameters.set("transport", SIPTransport.ws.rawValue)
        case .tcp: parameters.set("transport", transport.rawValue)
        case .tls: if scheme != .sips { parameters.set("transport", transport.rawValue) }
        }
        parameters.set("lr", nil)
        return SIPURI(
            scheme: scheme, user: user, host: listener?.advertisedHost ?? Self.host(of: shown.address),
            port: shown.port,
            parameters: parameters)
    }
}
