import Primitives
import SIPMessages

/// The server side: requests that come in and the responses to them.
extension TransactionLayer {
    mutating func receiveRequest(
        _ received: SIPMessage, on flow: Flow, at now: Instant, into actions: inout [Action]
    ) throws(SIPParseError) {
        let via = try received.topVia
        let request = Self.noting(source: flow, in: received, via: via)
        let method = try request.cseq.method
        if let port = Self.aliasedPort(via, of: flow) { actions.append(.transport(.alias(flow, port: port))) }
        let key = try Self.key(of: request, via: via, method: method == .ack ? .invite : method)
        if let id = serverKeys[key] {
            receiveAgain(request, of: id, method: method, on: flow, at: now, into: &actions)
            return
        }
        switch method {
        case .ack:
            // RFC 6026 §7.1, RFC 3261 §13.3.1.4: the ACK to a 2xx is a transaction of its own and goes to the user.
            actions.append(.ack(request, flow))
        case .cancel: receiveCancel(request, key: key, via: via, on: flow, at: now, into: &actions)
        default:
            guard let id = open(request, key: key, via: via, on: flow, at: now, into: &actions) else { return }
            actions.append(.request(id, request, flow))
        }
    }

    /// RFC 3261 §18.2.1: a `received` parameter says where the request really came from if its sent-by does not;
    /// RFC 3581 §4: an empty `rport` is filled in, and then `received` is always there.
    private static func noting(source: Flow, in request: SIPMessage, via: Via) -> SIPMessage {
        guard case .endpoint(let remote) = source.remote else { return request }
        let wantsPort = via.requestsPort
        guard wantsPort || IPAddress(via.host) != remote.address || via.parameters.contains("received") else {
            return request
        }
        var noted = via
        noted.parameters.set("received", remote.address.description)
        if wantsPort { noted.parameters.set("rport", String(remote.port)) }
        return request.editing { $0.replaceFirst(.via, noted.description) }
    }

    /// RFC 5923 §5: the `alias` parameter of the top Via counts only from a client that TLS has authenticated, and only
    /// for itself: sent-by is the address that it comes from, or the domain that it has proved to be (§9.3).
    private static func aliasedPort(_ via: Via, of flow: Flow) -> UInt16? {
        guard flow.transport == .tls, flow.connection != 0, let domain = flow.domain,
            via.parameters.contains("alias"), case .endpoint(let remote) = flow.remote,
            IPAddress(via.host) == remote.address || via.host.lowercased() == domain
        else { return nil }
        return via.port ?? SIPTransport.tls.defaultPort
    }

    /// RFC 3261 §17.2.3: a branch that begins with the magic cookie, together with sent-by and method, names the
    /// transaction; for a client of RFC 2543 the Request-URI, the tags, Call-ID, CSeq number and top Via do.
    private static func key(
        of request: SIPMessage, via: Via, method: SIPMethod
    ) throws(SIPParseError) -> TransactionKey {
        if via.hasUniqueBranch, let branch = via.branch {
            return TransactionKey(branch: branch, sentBy: via.sentBy, method: method)
        }
        // The To tag is left out for INVITE: its ACK carries the one that our response gave.
        let toTag = method == .invite ? "" : try request.to.tag ?? ""
        let parts = [
            request.requestURIText, try request.from.tag ?? "", toTag, try request.callID,
            String(try request.cseq.number), via.branch ?? "",
        ]
        return TransactionKey(branch: parts.joined(separator: "\n"), sentBy: via.sentBy, method: method)
    }

    private mutating func receiveAgain(
        _ request: SIPMessage, of id: ServerTransactionID, method: SIPMethod, on flow: Flow, at now: Instant,
        into actions: inout [Action]
    ) {
        let isAccepted = isAccepted(id)
        drive(
            id, invite: method == .ack ? .ack : .retransmission, nonInvite: .retransmission, response: nil, at: now,
            into: &actions)
        if method == .ack, isAccepted { actions.append(.ack(request, flow)) }
    }

    private func isAccepted(_ id: ServerTransactionID) -> Bool {
        guard case .invite(let machine)? = servers[id]?.machine else { return false }
        return machine.state == .accepted
    }

    private mutating func open(
        _ request: SIPMessage, key: TransactionKey, via: Via, on flow: Flow, at now: Instant,
        into actions: inout [Action]
    ) -> ServerTransactionID? {
        let reply = ReplyPath(via: via, source: flow)
        guard hasRoom(for: request) else {
            shed(request, via: via, reply: reply.flow, from: flow, into: &actions)
            return nil
        }
        nextServer += 1
        let id = ServerTransactionID(nextServer)
        let isReliable = flow.transport.isReliable
        let isConnection = flow.connection != 0
        servers[id] = ServerTransaction(
            key: key,
            machine: key.method == .invite
                ? .invite(InviteServerMachine(isReliable: isReliable, timers: configuration.timers))
                : .nonInvite(NonInviteServerMachine(isReliable: isReliable, timers: configuration.timers)),
            request: request, replyFlow: reply.flow, fallback: reply.fallback, connection: isConnection ? flow : nil,
            reportsLoad: OverloadControl.isWanted(by: via))
        serverKeys[key] = id
        if isConnection { serversByConnection[flow, default: []].append(id) }
        drive(id, invite: .start, nonInvite: .start, response: nil, at: now, into: &actions)
        return id
    }

    /// Whether a new request is taken on: there is load to spare for its kind, and a place in the table, of which an
    /// eighth is kept for calls for help.
    private mutating func hasRoom(for request: SIPMessage) -> Bool {
        if overload.pressure > 0, overload.sheds(OverloadControl.priority(of: request), draw: random.unit()) {
            return false
        }
        let room = configuration.maximumServerTransactions
        if servers.count < room { return true }
        return servers.count < room + room / 8 && request.requestURI?.isEmergencyService == true
    }

    /// An overloaded server answers 503; nothing is remembered of the request.
    ///
    /// RFC 3261 §21.5.4: Retry-After says when to come again, spread so that those turned away don't come together. But a
    /// proxy that reads it keeps everybody's requests back: RFC 7339 §5.10.2 wants it left out then. Who sends what others
    /// have sent is a proxy.
    private mutating func shed(
        _ request: SIPMessage, via: Via, reply: Flow, from flow: Flow, into actions: inout [Action]
    ) {
        let seconds = 2 + Int(random.next() % 9)
        let headers = request.values(.via).count == 1 ? [(HeaderName.retryAfter, String(seconds))] : []
        var response = request.response(503, toTag: random.token(10), headers: headers)
        if OverloadControl.isWanted(by: via) { response = overload.telling(response) }
        actions.append(.transport(.transmit(response.bytes, on: reply)))
        actions.append(.observe(.shed(method: request.method?.description ?? "", from: flow.remote)))
    }

    /// RFC 3261 §9.2: a CANCEL is answered by itself, 200 when there is an INVITE that it matches and 481 when not; only
    /// an INVITE without a final response is then given up.
    private mutating func receiveCancel(
        _ request: SIPMessage, key: TransactionKey, via: Via, on flow: Flow, at now: Instant,
        into actions: inout [Action]
    ) {
        var inviteKey = key
        inviteKey.method = .invite
        if !via.hasUniqueBranch, let legacy = try? Self.key(of: request, via: via, method: .invite) {
            inviteKey = legacy
        }
        let target = serverKeys[inviteKey]
        guard let id = open(request, key: key, via: via, on: flow, at: now, into: &actions) else { return }
        let response = request.response(target == nil ? 481 : 200, toTag: random.token(10))
        respond(id, response, at: now, into: &actions)
        if let target, servers[target]?.isAnswered == false { actions.append(.cancelled(target, request)) }
    }

    mutating func respond(
        _ id: ServerTransactionID, _ response: SIPMessage, at now: Instant, into actions: inout [Action]
    ) {
        guard let status = response.statusCode, servers[id] != nil else { return }
        drive(
            id, invite: .respond(status), nonInvite: .respond(status), response: response, at: now, into: &actions)
    }

    /// RFC 3261 §26.3.2.4: who is challenged gets a single 401 or 407, without state and without retransmissions, since
    /// those would multiply what somebody with a forged address sends to its owner.
    mutating func respondStatelessly(_ id: ServerTransactionID, _ response: SIPMessage, into actions: inout [Action]) {
        guard let index = servers.index(forKey: id), !servers.values[index].isAnswered else { return }
        transmit(response, of: index, into: &actions)
        close(id, into: &actions)
    }

    /// Gives a server transaction's machine an event and carries out what it says.
    mutating func drive(
        _ id: ServerTransactionID, invite: InviteServerMachine.Event, nonInvite: NonInviteServerMachine.Event,
        response: SIPMessage?, at now: Instant, into actions: inout [Action]
    ) {
        guard let index = servers.index(forKey: id) else { return }
        var isOver = false
        switch servers.values[index].machine {
        case .invite(var machine):
            inviteServerOutputs.removeAll(keepingCapacity: true)
            machine.handle(invite, at: now, into: &inviteServerOutputs)
            servers.values[index].machine = .invite(machine)
            for output in inviteServerOutputs {
                switch output {
                case .sendResponse: transmit(response, of: index, into: &actions)
                case .repeatResponse: repeatResponse(of: index, into: &actions)
                case .sendTrying: sendTrying(of: index, into: &actions)
                case .passACK: break  // The caller holds the ACK and passes it.
                case .unacknowledged: actions.append(.unacknowledged(id))
                case .terminated: isOver = true
                }
            }
        case .nonInvite(var machine):
            nonInviteServerOutputs.removeAll(keepingCapacity: true)
            machine.handle(nonInvite, at: now, into: &nonInviteServerOutputs)
            servers.values[index].machine = .nonInvite(machine)
            for output in nonInviteServerOutputs {
                switch output {
                case .sendResponse: transmit(response, of: index, into: &actions)
                case .repeatResponse: repeatResponse(of: index, into: &actions)
                case .sendTrying: sendTrying(of: index, into: &actions)
                case .abandoned: break
                case .terminated: isOver = true
                }
            }
        }
        if isOver { close(id, into: &actions) } else { schedule(id) }
    }

    private mutating func schedule(_ id: ServerTransactionID) {
        let timer = Timer.server(id)
        guard let deadline = servers[id]?.nextDeadline else { return timers.remove(timer) }
        if timers[timer] != deadline { timers.set(timer, to: deadline) }
    }

    mutating func close(_ id: ServerTransactionID, into actions: inout [Action]) {
        timers.remove(.server(id))
        guard let transaction = servers.removeValue(forKey: id) else { return }
        serverKeys[transaction.key] = nil
        if let connection = transaction.connection {
            serversByConnection[connection]?.removeAll { $0 == id }
            if serversByConnection[connection]?.isEmpty == true { serversByConnection[connection] = nil }
        }
        actions.append(.serverEnded(id))
    }

    private mutating func transmit(
        _ response: SIPMessage?, of index: Dictionary<ServerTransactionID, ServerTransaction>.Index,
        into actions: inout [Action]
    ) {
        guard var response else { return }
        if servers.values[index].reportsLoad { response = overload.telling(response) }
        servers.values[index].lastResponse = response.bytes
        if let status = response.statusCode, status >= 200 {
            servers.values[index].isAnswered = true
            servers.values[index].request = nil
        }
        actions.append(.transport(.transmit(response.bytes, on: servers.values[index].replyFlow)))
    }

    private func repeatResponse(
        of index: Dictionary<ServerTransactionID, ServerTransaction>.Index, into actions: inout [Action]
    ) {
        guard let bytes = servers.values[index].lastResponse else { return }
        actions.append(.transport(.transmit(bytes, on: servers.values[index].replyFlow)))
    }

    /// RFC 3261 §8.2.6.1: the 100 carries the request's Timestamp, and no To tag of ours.
    private mutating func sendTrying(
        of index: Dictionary<ServerTransactionID, ServerTransaction>.Index, into actions: inout [Action]
    ) {
        guard let request = servers.values[index].request else { return }
        var trying = request.response(100)
        if servers.values[index].reportsLoad { trying = overload.telling(trying) }
        servers.values[index].lastResponse = trying.bytes
        actions.append(.transport(.transmit(trying.bytes, on: servers.values[index].replyFlow)))
    }
}
