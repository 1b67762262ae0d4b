import Presence
import Primitives
import SIPMessages
import SIPStack

/// The SIP server and the presence agent of one node, without an overlay.
struct TestServer {
    private var server: SIPServer
    private var presence: PresenceAgent

    init(at endpoint: Endpoint, accounts: [String], random source: RandomSource) {
        var random = source
        let node = NodeID(bits: Bits256(random.bytes(32))!)
        server = SIPServer(
            configuration: SIPServerConfiguration(
                domains: ["example.org"], nodeID: node, listeners: [SIPListener(.udp, endpoint)],
                eventPackages: ["presence"]),
            random: random.split())
        presence = PresenceAgent(
            configuration: PresenceConfiguration(nodeID: node, domains: ["example.org"], strangers: .allow),
            random: random.split())
        var out: [SIPServer.Action] = []
        for user in accounts {
            server.handle(
                .setAccount(
                    AddressOfRecord(user: user, host: "example.org")!,
                    Credentials(user: user, realm: "example.org", password: "secret")),
                at: Instant(secondsSince1970: 0), into: &out)
        }
    }

    var nextDeadline: Instant? { [server.nextDeadline, presence.nextDeadline].compactMap { $0 }.min() }

    mutating func handle(_ event: SIPServer.Event, at now: Instant, into out: inout [TransportAction]) {
        var actions: [SIPServer.Action] = []
        server.handle(event, at: now, into: &actions)
        for action in actions {
            switch action {
            case .transport(let action): out.append(action)
            case .lookUp(let token, _): handle(.resolved(token, []), at: now, into: &out)
            case .request(let id, let request, let flow, let authenticated):
                drive(.request(id, request, flow, authenticated: authenticated), at: now, into: &out)
            case .response(let token, let response): drive(.response(token, response), at: now, into: &out)
            case .requestFailed(let token, let status):
                drive(.requestFailed(token, status: status), at: now, into: &out)
            case .absent(let id, let request, _, _, let status):
                handle(.respond(id, request.response(status, toTag: "gone")), at: now, into: &out)
            case .query, .bindingsChanged, .passed, .persistBinding, .forgetBinding, .observe: break
            }
        }
        if let deadline = presence.nextDeadline, deadline <= now { drive(.wake, at: now, into: &out) }
    }

    private mutating func drive(_ event: PresenceAgent.Event, at now: Instant, into out: inout [TransportAction]) {
        var actions: [PresenceAgent.Action] = []
        presence.handle(event, at: now, into: &actions)
        for action in actions {
            switch action {
            case .respond(let id, let response): handle(.respond(id, response), at: now, into: &out)
            case .sendRequest(let token, let request, let hop):
                handle(.sendRequest(token, request, to: hop), at: now, into: &out)
            default: break
            }
        }
    }
}
