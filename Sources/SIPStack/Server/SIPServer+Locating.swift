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

    mutating func send(acknowledgement ack: SIPMessage, to target: Target, by hop: NextHop?, at now: Instant) {
        var target = target
        target.nextHop = hop ?? target.nextHop
        guard let (request, hop) = proxy.prepare(acknowledgement: ack, for: target) else { return }
        sendStatelessly(request, to: hop, at: now)
    }
}
