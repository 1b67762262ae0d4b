import Primitives
import SIPMessages

/// The transport layer's part (RFC 3261 §18): flows, Via, and what happens when a transport fails.
extension TransactionLayer {
    func flow(to hop: NextHop) -> Flow {
        switch hop {
        case .flow(let flow): return flow
        case .node(let node): return .overlay(node)
        case .address(let transport, let endpoint):
            let local = configuration.listeners.best(for: transport, to: endpoint.address)?.endpoint
            return Flow(
                transport: transport, local: local ?? Endpoint(address: .any, port: 0), remote: .endpoint(endpoint))
        }
    }

    /// The sent-by of a Via for a request that leaves by `flow`.
    func sentBy(for flow: Flow) -> String {
        switch flow.remote {
        case .node: return configuration.overlayHost ?? "overlay.invalid"
        case .endpoint(let remote):
            if let own = configuration.listeners.first(where: {
                $0.transport == flow.transport && $0.endpoint == flow.local
            }) ?? configuration.listeners.best(for: flow.transport, to: remote.address) {
                return own.sentBy
            }
            // A transport that nothing listens for: responses return over the connection, and any name of ours does.
            return configuration.listeners.first?.sentBy ?? flow.local.description
        }
    }

    func addingVia(to request: SIPMessage, branch: String, sentBy: String, flow: Flow) -> SIPMessage {
        // RFC 3581 §3: a client asks by rport for responses to the port that its request came from.
        let rport = flow.transport == .udp ? ";rport" : ""
        // RFC 5923 §5: a client of TLS that shows its own certificate offers its connection for the other direction.
        let alias = flow.transport == .tls && flow.domain != nil ? ";alias" : ""
        let via = "SIP/2.0/\(flow.transport.viaName) \(sentBy);branch=\(branch)\(rport)\(alias)"
        return request.editing { $0.prepend(.via, via) }
    }

    /// The stream to use for a request that is too large for a datagram, or nil when it is not.
    func streamFlow(insteadOf flow: Flow, for hop: NextHop, size: Int) -> Flow? {
        // RFC 3261 §18.1.1 asks for this when the path's MTU is unknown. Loopback's is known to hold any datagram,
        // and a flow that a user agent registered must be used as it is (RFC 5626 §5.3).
        guard flow.transport == .udp, size > Self.largestDatagramRequest, case .address(_, let endpoint) = hop,
            !endpoint.address.isLoopback
        else { return nil }
        return self.flow(to: .address(.tcp, endpoint))
    }

    mutating func connectionClosed(_ flow: Flow, at now: Instant, into actions: inout [Action]) {
        // RFC 3261 §18.2.2: responses that are still to come, or to be repeated, go another way.
        replaceReplyFlow(flow, repeatsResponse: false, into: &actions)
        failRequests(over: flow, at: now, into: &actions)
    }

    mutating func sendFailed(_ flow: Flow, at now: Instant, into actions: inout [Action]) {
        // The last response of each transaction on a connection may be what could not be sent: it goes the other way.
        replaceReplyFlow(flow, repeatsResponse: true, into: &actions)
        failRequests(over: flow, at: now, into: &actions)
    }

    /// RFC 3261 §17.1.4: the transport could not take a request, whose user is told. A response that was not taken is
    /// repeated when the request is.
    mutating func unsent(_ bytes: [UInt8], on flow: Flow, at now: Instant, into actions: inout [Action]) {
        guard let message = try? SIPMessage(parsing: bytes), message.isRequest, let method = message.method,
            let branch = (try? message.topVia)?.branch,
            let id = clientKeys[TransactionKey(branch: branch, sentBy: "", method: method)]
        else { return }
        drive(id, invite: .transportFailed, nonInvite: .transportFailed, response: nil, at: now, into: &actions)
    }

    /// RFC 3261 §17.1.4: the user of each request that waits on this path is told, unless UDP is left to try.
    private mutating func failRequests(over flow: Flow, at now: Instant, into actions: inout [Action]) {
        // In the order in which they were sent.
        for id in (clientsByRemote[flow.anyConnection] ?? []).sorted() {
            guard let transaction = clients[id] else { continue }
            let own = transaction.flow.connection
            guard own == flow.connection || own == 0 || flow.connection == 0 else { continue }
            if let datagramFlow = transaction.datagramFlow, let request = transaction.unsent {
                sendAsDatagram(request, of: id, over: datagramFlow, at: now, into: &actions)
            } else {
                drive(
                    id, invite: .transportFailed, nonInvite: .transportFailed, response: nil, at: now, into: &actions)
            }
        }
    }

    /// RFC 3261 §18.1.1: when the larger request's connection can't be made, the element should retry over UDP.
    private mutating func sendAsDatagram(
        _ request: SIPMessage, of id: ClientTransactionID, over flow: Flow, at now: Instant,
        into actions: inout [Action]
    ) {
        guard var transaction = clients[id] else { return }
        forget(id, under: transaction.flow.anyConnection)
        transaction.unsent = nil
        transaction.datagramFlow = nil
        transaction.flow = flow
        transaction.sentBy = sentBy(for: flow)
        transaction.request = addingVia(
            to: request, branch: transaction.branch, sentBy: transaction.sentBy, flow: flow)
        transaction.machine =
            transaction.isInvite
            ? .invite(InviteClientMachine(isReliable: false, timers: configuration.timers))
            : .nonInvite(NonInviteClientMachine(isReliable: false, timers: configuration.timers))
        clients[id] = transaction
        clientsByRemote[flow.anyConnection, default: []].insert(id)
        drive(id, invite: .start, nonInvite: .start, response: nil, at: now, into: &actions)
    }

    /// An ACK or CANCEL that belongs to `invite` and goes to the same next hop (RFC 3261 §9.1, §17.1.1.3).
    ///
    /// - Parameter to: the To of the response that is acknowledged; nil for the INVITE's own.
    static func hopRequest(_ method: SIPMethod, for invite: SIPMessage, to: String?) -> SIPMessage? {
        guard let uri = invite.requestURI, let via = invite.value(.via), let from = invite.value(.from),
            let originalTo = invite.value(.to), let callID = invite.value(.callID), let cseq = try? invite.cseq
        else { return nil }
        var headers: [(HeaderName, String)] = [
            (.via, via.string), (.maxForwards, "70"), (.from, from.string), (.to, to ?? originalTo.string),
            (.callID, callID.string), (.cseq, "\(cseq.number) \(method)"),
        ]
        for route in invite.values(.route) { headers.append((.route, route.string)) }
        return .request(method, uri: uri, headers: headers)
    }
}

extension ClientTransaction {
    /// The branch is ours and unique, so sent-by adds nothing to the key.
    var key: TransactionKey { TransactionKey(branch: branch, sentBy: "", method: method) }
}

extension Flow {
    /// The path whichever connection carries it and whatever address it leaves from: what transport failures are
    /// matched by.
    var anyConnection: Flow {
        Flow(
            transport: transport, local: Endpoint(address: .any, port: 0), remote: remote, connection: 0, domain: domain
        )
    }
}
