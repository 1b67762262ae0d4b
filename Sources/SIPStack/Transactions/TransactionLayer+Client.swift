import Primitives
import SIPMessages

/// The client side: requests that go out and the responses to them.
extension TransactionLayer {
    /// RFC 3261 §18.1.1: a request this large must not go over UDP when the path's MTU is unknown.
    static var largestDatagramRequest: Int { 1_300 }

    mutating func send(
        _ request: SIPMessage, as id: ClientTransactionID, to hop: NextHop, branchSuffix: String?, at now: Instant,
        into actions: inout [Action]
    ) {
        guard hasRoom(for: request), let method = request.method else {
            actions.append(.failed(id, status: 503))
            actions.append(.clientEnded(id))
            return
        }
        let flow = flow(to: hop)
        var branch = "z9hG4bK\(random.token(16))"
        if let branchSuffix { branch += "-\(branchSuffix)" }
        var transaction = ClientTransaction(
            machine: machine(for: method, over: flow.transport), request: request, flow: flow, branch: branch,
            method: method, sentBy: sentBy(for: flow), isOwn: false)
        transaction.request = addingVia(to: request, branch: branch, sentBy: transaction.sentBy, flow: flow)
        if let stream = streamFlow(insteadOf: flow, for: hop, size: transaction.request.bytes.count) {
            // RFC 3261 §18.1.1: the larger request goes over a congestion-controlled transport, its Via says so, and
            // when no connection can be had the element tries UDP after all.
            transaction.unsent = request
            transaction.datagramFlow = flow
            transaction.flow = stream
            transaction.machine = machine(for: method, over: stream.transport)
            transaction.sentBy = sentBy(for: stream)
            transaction.request = addingVia(to: request, branch: branch, sentBy: transaction.sentBy, flow: stream)
        }
        open(transaction, as: id, at: now, into: &actions)
    }

    /// Whether one more request is taken. An eighth of the room is kept for calls for help, which their To shows.
    private func hasRoom(for request: SIPMessage) -> Bool {
        let room = configuration.maximumClientTransactions
        if clients.count < room { return true }
        return clients.count < room + room / 8 && (try? request.to)?.uri.isEmergencyService == true
    }

    mutating func sendStatelessly(_ request: SIPMessage, to hop: NextHop, into actions: inout [Action]) {
        let flow = flow(to: hop)
        let branch = "z9hG4bK\(random.token(16))"
        let sent = addingVia(to: request, branch: branch, sentBy: sentBy(for: flow), flow: flow)
        actions.append(.transport(.transmit(sent.bytes, on: flow)))
    }

    /// RFC 3261 §9.1: a CANCEL leaves only once a provisional response shows that the INVITE arrived.
    mutating func cancel(_ id: ClientTransactionID, at now: Instant, into actions: inout [Action]) {
        guard case .invite(let machine)? = clients[id]?.machine,
            clients[id]?.cancellation == ClientTransaction.Cancellation.none
        else { return }
        switch machine.state {
        case .calling: clients[id]?.cancellation = .wanted
        case .proceeding: sendCancel(of: id, at: now, into: &actions)
        default: break
        }
    }

    /// RFC 3261 §9.1: Request-URI, Call-ID, To, the number of CSeq and From are the INVITE's, there is the one Via of
    /// the INVITE's top with its branch, and Route is copied.
    private mutating func sendCancel(of id: ClientTransactionID, at now: Instant, into actions: inout [Action]) {
        guard let invite = clients[id] else { return }
        clients[id]?.cancellation = .sent
        drive(id, invite: .cancelled, nonInvite: .wake, response: nil, at: now, into: &actions)
        guard let request = Self.hopRequest(.cancel, for: invite.request, to: nil) else { return }
        let transaction = ClientTransaction(
            machine: machine(for: .cancel, over: invite.flow.transport), request: request, flow: invite.flow,
            branch: invite.branch, method: .cancel, sentBy: invite.sentBy, isOwn: true)
        open(transaction, as: makeClientTransactionID(), at: now, into: &actions)
    }

    private mutating func open(
        _ transaction: ClientTransaction, as id: ClientTransactionID, at now: Instant, into actions: inout [Action]
    ) {
        clients[id] = transaction
        clientKeys[transaction.key] = id
        clientsByRemote[transaction.flow.anyConnection, default: []].insert(id)
        drive(id, invite: .start, nonInvite: .start, response: nil, at: now, into: &actions)
    }

    mutating func receiveResponse(
        _ response: SIPMessage, on flow: Flow, at now: Instant, into actions: inout [Action]
    ) throws(SIPParseError) {
        guard let status = response.statusCode else { return }
        let via = try response.topVia
        let method = try response.cseq.method
        // RFC 3261 §18.1.2, §17.1.3: a response belongs to us when its top Via is one that we wrote, and to the
        // transaction with that branch and the method of CSeq.
        let key = TransactionKey(branch: via.branch ?? "", sentBy: "", method: method)
        guard let id = clientKeys[key] else {
            // RFC 6026 §7.3: what matches no transaction is not forwarded; a user agent may want to acknowledge a 2xx.
            if method == .invite, 200..<300 ~= status { actions.append(.strayResponse(response, flow)) }
            return
        }
        drive(
            id, invite: .response(status), nonInvite: .response(status), response: response, at: now, into: &actions)
        if status < 200, clients[id]?.cancellation == .wanted { sendCancel(of: id, at: now, into: &actions) }
    }

    /// Gives a client transaction's machine an event and carries out what it says.
    mutating func drive(
        _ id: ClientTransactionID, invite: InviteClientMachine.Event, nonInvite: NonInviteClientMachine.Event,
        response: SIPMessage?, at now: Instant, into actions: inout [Action]
    ) {
        guard let index = clients.index(forKey: id) else { return }
        var isOver = false
        switch clients.values[index].machine {
        case .invite(var machine):
            inviteClientOutputs.removeAll(keepingCapacity: true)
            machine.handle(invite, at: now, into: &inviteClientOutputs)
            clients.values[index].machine = .invite(machine)
            for output in inviteClientOutputs {
                switch output {
                case .sendRequest: sendRequest(of: index, into: &actions)
                case .sendACK: sendACK(of: index, answering: response, into: &actions)
                case .passResponse: pass(response, of: id, at: index, into: &actions)
                case .timedOut: fail(id, at: index, status: 408, into: &actions)
                case .failed: fail(id, at: index, status: 503, into: &actions)
                case .terminated: isOver = true
                }
            }
        case .nonInvite(var machine):
            nonInviteClientOutputs.removeAll(keepingCapacity: true)
            machine.handle(nonInvite, at: now, into: &nonInviteClientOutputs)
            clients.values[index].machine = .nonInvite(machine)
            for output in nonInviteClientOutputs {
                switch output {
                case .sendRequest: sendRequest(of: index, into: &actions)
                case .passResponse: pass(response, of: id, at: index, into: &actions)
                case .timedOut: fail(id, at: index, status: 408, into: &actions)
                case .failed: fail(id, at: index, status: 503, into: &actions)
                case .terminated: isOver = true
                }
            }
        }
        if isOver { close(id, into: &actions) } else { schedule(id) }
    }

    private mutating func schedule(_ id: ClientTransactionID) {
        let timer = Timer.client(id)
        guard let deadline = clients[id]?.nextDeadline else { return timers.remove(timer) }
        if timers[timer] != deadline { timers.set(timer, to: deadline) }
    }

    private mutating func close(_ id: ClientTransactionID, into actions: inout [Action]) {
        timers.remove(.client(id))
        guard let transaction = clients.removeValue(forKey: id) else { return }
        clientKeys[transaction.key] = nil
        forget(id, under: transaction.flow.anyConnection)
        if !transaction.isOwn { actions.append(.clientEnded(id)) }
    }

    mutating func forget(_ id: ClientTransactionID, under flow: Flow) {
        clientsByRemote[flow]?.remove(id)
        if clientsByRemote[flow]?.isEmpty == true { clientsByRemote[flow] = nil }
    }

    private func sendRequest(
        of index: Dictionary<ClientTransactionID, ClientTransaction>.Index, into actions: inout [Action]
    ) {
        actions.append(
            .transport(.transmit(clients.values[index].request.bytes, on: clients.values[index].flow)))
    }

    /// RFC 3261 §17.1.1.3: the ACK to a 3xx–6xx goes where the INVITE went, with the To of the response.
    private func sendACK(
        of index: Dictionary<ClientTransactionID, ClientTransaction>.Index, answering response: SIPMessage?,
        into actions: inout [Action]
    ) {
        let transaction = clients.values[index]
        guard let ack = Self.hopRequest(.ack, for: transaction.request, to: response?.value(.to)?.string) else {
            return
        }
        actions.append(.transport(.transmit(ack.bytes, on: transaction.flow)))
    }

    private func pass(
        _ response: SIPMessage?, of id: ClientTransactionID,
        at index: Dictionary<ClientTransactionID, ClientTransaction>.Index, into actions: inout [Action]
    ) {
        guard let response, !clients.values[index].isOwn else { return }
        actions.append(.response(id, response))
    }

    private func fail(
        _ id: ClientTransactionID, at index: Dictionary<ClientTransactionID, ClientTransaction>.Index, status: Int,
        into actions: inout [Action]
    ) {
        let transaction = clients.values[index]
        guard !transaction.isOwn else { return }
        actions.append(.failed(id, status: status))
        if status == 503 {
            actions.append(
                .observe(.undeliverable(method: transaction.method.description, to: transaction.flow.remote)))
        }
    }

    private func machine(for method: SIPMethod, over transport: SIPTransport) -> ClientTransaction.Machine {
        let isReliable = transport.isReliable
        return method == .invite
            ? .invite(InviteClientMachine(isReliable: isReliable, timers: configuration.timers))
            : .nonInvite(NonInviteClientMachine(isReliable: isReliable, timers: configuration.timers))
    }
}
