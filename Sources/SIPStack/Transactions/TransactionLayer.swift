import Primitives
import SIPMessages

/// The transaction and transport layers of RFC 3261 §17 and §18 as one core: retransmission, matching, timers,
/// Via and the choice of where a response goes.
///
/// Its users are a proxy, a registrar, a presence agent or a user agent. Each request that comes up has a
/// ``ServerTransactionID`` and must be answered with ``Event/respond(_:_:)``; each request that goes down has a
/// ``ClientTransactionID`` chosen by its user with ``makeClientTransactionID()`` and ends in exactly one final
/// response or one ``Action/failed(_:status:)``, apart from further 2xx to a forked INVITE.
package struct TransactionLayer: Sendable {
    package enum Event: Sendable {
        case transport(TransportEvent)
        /// Sends a request in a new client transaction; the layer puts its Via on top. `branchSuffix` ends up in the
        /// branch behind the unique part, where a proxy finds it again (RFC 5393 §4.2.1).
        case send(ClientTransactionID, SIPMessage, to: NextHop, branchSuffix: String?)
        /// Sends a request outside any transaction: the ACK to a 2xx (RFC 3261 §13.2.2.4, §16.11).
        case sendStatelessly(SIPMessage, to: NextHop)
        /// Gives up an INVITE: a CANCEL leaves as soon as RFC 3261 §9.1 allows it.
        case cancel(ClientTransactionID)
        /// Answers a request. After the final response only further 2xx to an INVITE are sent.
        case respond(ServerTransactionID, SIPMessage)
        /// Where a response can be sent that was ``Action/undelivered(_:_:)``, best first.
        case redirect(ServerTransactionID, to: [Flow])
        /// Answers a request and forgets it at once: should it come again it is a new one (RFC 3261 §8.2.7), and nothing
        /// is ever repeated.
        case respondStatelessly(ServerTransactionID, SIPMessage)
        /// Forgets a request without an answer.
        case abandon(ServerTransactionID)
        /// The share of the time since the last such event for which whoever drives this layer was busy, from 0 to 1.
        case load(Double)
        case wake
    }

    package enum Action: Sendable {
        case transport(TransportAction)
        /// A new request, neither ACK nor CANCEL, that awaits an answer.
        case request(ServerTransactionID, SIPMessage, Flow)
        /// An ACK to a 2xx, or one that belongs to nothing.
        case ack(SIPMessage, Flow)
        /// The client of this unanswered INVITE sent a CANCEL, which has been answered: the user answers with a 487.
        case cancelled(ServerTransactionID, SIPMessage)
        case response(ClientTransactionID, SIPMessage)
        /// A 2xx to an INVITE of which nothing is known any more; a user agent may acknowledge it, a proxy must not
        /// forward it (RFC 6026 §7.3).
        case strayResponse(SIPMessage, Flow)
        /// No final response will come: 408 for none in time, 503 for a request that could not be delivered.
        case failed(ClientTransactionID, status: Int)
        /// The connection that a request came over is gone, none to where it came from can be had, and a response waits:
        /// it may go to the servers of the name in this Via's sent-by (RFC 3263 §5).
        case undelivered(ServerTransactionID, Via)
        /// The client never acknowledged the final response to its INVITE.
        case unacknowledged(ServerTransactionID)
        /// Nothing more will be heard of this transaction.
        case serverEnded(ServerTransactionID)
        case clientEnded(ClientTransactionID)
        case observe(SIPObservation)
    }

    /// A key of the timer queue.
    enum Timer: Hashable, Sendable {
        case client(ClientTransactionID)
        case server(ServerTransactionID)
    }

    let configuration: TransactionConfiguration
    var random: RandomSource
    var overload = OverloadControl()
    var clients: [ClientTransactionID: ClientTransaction] = [:]
    var clientKeys: [TransactionKey: ClientTransactionID] = [:]
    var servers: [ServerTransactionID: ServerTransaction] = [:]
    var serverKeys: [TransactionKey: ServerTransactionID] = [:]
    /// Which client transactions wait for an answer from a remote, for when the transport reports it unreachable. A
    /// proxy or a NAT may stand for thousands, so each is found without looking at the others.
    var clientsByRemote: [Flow: Set<ClientTransactionID>] = [:]
    /// Which server transactions answer over a connection.
    var serversByConnection: [Flow: [ServerTransactionID]] = [:]
    var timers = DeadlineQueue<Timer>()
    var nextClient: UInt64 = 0
    var nextServer: UInt64 = 0
    /// The output of a machine is collected here and carried out at once; kept to reuse its memory.
    var inviteClientOutputs: [InviteClientMachine.Output] = []
    var nonInviteClientOutputs: [NonInviteClientMachine.Output] = []
    var inviteServerOutputs: [InviteServerMachine.Output] = []
    var nonInviteServerOutputs: [NonInviteServerMachine.Output] = []

    package init(configuration: TransactionConfiguration, random: RandomSource) {
        self.configuration = configuration
        self.random = random
    }

    /// When `wake` is due.
    package var nextDeadline: Instant? { timers.earliest }

    /// Whether a request of ours to the other end of this flow has not ended yet.
    func isWaiting(for flow: Flow) -> Bool { clientsByRemote[flow.anyConnection] != nil }

    /// How many transactions of both kinds are remembered.
    package var count: Int { clients.count + servers.count }

    /// A name for the next request; no two are the same.
    package mutating func makeClientTransactionID() -> ClientTransactionID {
        nextClient += 1
        return ClientTransactionID(nextClient)
    }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        switch event {
        case .transport(.received(let bytes, let flow)):
            receive(bytes, on: flow, at: now, into: &actions)
        case .transport(.framingFailed(_, let flow, let error)):
            // RFC 3261 §18.3: where the next message begins can't be known any more, so the connection ends, after
            // the answer if there is one.
            refuse(error, on: flow, into: &actions)
            actions.append(.transport(.close(flow)))
        case .transport(.closed(let flow)):
            connectionClosed(flow, at: now, into: &actions)
        case .transport(.sendFailed(let flow)):
            sendFailed(flow, at: now, into: &actions)
        case .transport(.unsent(let bytes, let flow)):
            unsent(bytes, on: flow, at: now, into: &actions)
        case .send(let id, let request, let hop, let suffix):
            send(request, as: id, to: hop, branchSuffix: suffix, at: now, into: &actions)
        case .sendStatelessly(let request, let hop):
            sendStatelessly(request, to: hop, into: &actions)
        case .cancel(let id): cancel(id, at: now, into: &actions)
        case .respond(let id, let response): respond(id, response, at: now, into: &actions)
        case .redirect(let id, let flows): redirect(id, to: flows, into: &actions)
        case .respondStatelessly(let id, let response): respondStatelessly(id, response, into: &actions)
        case .abandon(let id): close(id, into: &actions)
        case .load(let busy): overload.note(busy: busy, at: now)
        case .wake: break
        }
        fireTimers(at: now, into: &actions)
    }

    private mutating func fireTimers(at now: Instant, into actions: inout [Action]) {
        while let timer = timers.popDue(at: now) {
            switch timer {
            case .client(let id): drive(id, invite: .wake, nonInvite: .wake, response: nil, at: now, into: &actions)
            case .server(let id): drive(id, invite: .wake, nonInvite: .wake, response: nil, at: now, into: &actions)
            }
        }
    }

    private mutating func receive(_ bytes: [UInt8], on flow: Flow, at now: Instant, into actions: inout [Action]) {
        do throws(SIPParseError) {
            let message = try SIPMessage(parsing: bytes)
            if let fault = message.validation() {
                throw SIPParseError(status: fault.status, fault.reason, message: message)
            }
            if message.isRequest {
                try receiveRequest(message, on: flow, at: now, into: &actions)
            } else {
                try receiveResponse(message, on: flow, at: now, into: &actions)
            }
        } catch {
            refuse(error, on: flow, into: &actions)
        }
    }

    /// Answers what can't be read, without keeping anything of it, where enough is known to answer.
    mutating func refuse(_ error: SIPParseError, on flow: Flow, into actions: inout [Action]) {
        actions.append(.observe(.malformed(from: flow.remote, reason: error.description)))
        guard let message = error.message,
            let response = MessageFault(status: error.status, reason: error.reason)
                .response(to: message, toTag: random.token(12))
        else { return }
        // A Via that can't be read says no port: the answer goes to where the request came from (RFC 4475 §3.1.2.1).
        let reply = (try? message.topVia).map { ReplyPath(via: $0, source: flow).flow } ?? flow
        actions.append(.transport(.transmit(response.bytes, on: reply)))
    }
}
