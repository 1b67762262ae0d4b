import Primitives
import SIPMessages

/// Between those who want to reach a server by name and the search for it.
extension SIPServer {
    /// ACKs that wait for their server to be found; a caller who lacks one repeats the 2xx, and so the ACK.
    private static let maximumWaitingACKs = 1_024

    mutating func locate(_ event: ServerLocator.Event, at now: Instant, into actions: inout [Action]) {
        var said: [ServerLocator.Action] = []
        locator.handle(event, at: now, into: &said)
        for action in said {
            switch action {
            case .query(let question): actions.append(.query(question))
            case .located(.branch(let branch), let servers): drive(.located(branch, servers), at: now, into: &actions)
            case .located(.reply(let id), let servers):
                let flows = servers.map { layer.flow(to: router.hop(to: $0)) }
                layer.handle(.redirect(id, to: flows), at: now, into: &fromLayer)
            case .located(.acknowledgement(let number), let servers):
                guard let (ack, target) = waitingACKs.removeValue(forKey: number), let server = servers.first else {
                    continue
                }
                send(acknowledgement: ack, to: target, by: router.hop(to: server), at: now)
            }
        }
    }

    /// Finds the server for an ACK to a 2xx that goes to a name.
    mutating func locate(
        _ name: ServerName, forAcknowledgement ack: SIPMessage, to target: Target, at now: Instant,
        into actions: inout [Action]
    ) {
        guard waitingACKs.count < Self.maximumWaitingACKs else { return }
        lastACK += 1
        waitingACKs[lastACK] = (ack, target)
        locate(.locate(.acknowledgement(lastACK), name), at: now, into: &actions)
    }

    /// RFC 3263 §5: finds where a response can go whose connection is gone. Anybody may write any name into a Via, so only
    /// domains that are called anyway are looked for.
    mutating func locateReply(
        _ via: Via, of id: ServerTransactionID, at now: Instant, into actions: inout [Action]
    ) {
        guard let transport = via.transport else { return }
        var uri = SIPURI(host: via.host, port: via.port)
        uri.parameters.set("transport", transport.rawValue)
        guard let name = router.serverName(for: uri) else { return }
        locate(.locate(.reply(id), name), at: now, into: &actions)
    }

    mutating func send(acknowledgement ack: SIPMessage, to target: Target, by hop: NextHop?, at now: Instant) {
        var target = target
        target.nextHop = hop ?? target.nextHop
        guard let (request, hop) = proxy.prepare(acknowledgement: ack, for: target) else { return }
        sendStatelessly(request, to: hop, at: now)
    }
}
