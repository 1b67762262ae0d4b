import Primitives
import SIPMessages
import SIPStack

/// A whole server for example.com and example.org that believes everybody, and what it makes of one datagram.
enum TortureServer {
    enum Outcome: Hashable, Sendable {
        /// Answered with this status and nothing else.
        case answered(Int)
        /// Sent on.
        case forwarded
        /// Taken for a good request whose way only DNS knows: sent on, or answered 404 or 480 where nobody asks DNS.
        case routed
        /// Nothing is sent at all.
        case ignored
    }

    private static let phone = Endpoint("203.0.113.5:5060")!

    /// - Returns: every message that the server sent.
    static func answers(to bytes: [UInt8], credentials: Bool = false) -> [SIPMessage] {
        let local = Endpoint("192.0.2.77:5060")!
        let domains = ["example.com", "example.org", "torture.example"]
        var server = SIPServer(
            configuration: SIPServerConfiguration(
                domains: domains, nodeID: ServerHarness.node, listeners: [SIPListener(.udp, local)],
                trusted: credentials ? [] : [AddressPrefix("0.0.0.0/0")!], eventPackages: ["presence"]),
            random: RandomSource(seed: 5))
        let now = Instant(secondsSince1970: 1_000_000)
        var actions: [SIPServerAction] = []
        let flow = Flow(transport: .udp, local: local, remote: .endpoint(phone), connection: 0)
        server.handle(.transport(.received(bytes, on: flow)), at: now, into: &actions)
        for (token, user) in actions.lookUps {
            let target = Target(requestURI: SIPURI(user), nextHop: .address(.udp, Endpoint("198.51.100.4:5060")!))
            server.handle(.resolved(token, [target]), at: now, into: &actions)
        }
        return actions.compactMap { action in
            guard case .transport(.transmit(let bytes, _)) = action else { return nil }
            return try? SIPMessage(parsing: bytes)
        }
    }

    static func outcome(of bytes: [UInt8]) -> Outcome {
        let sent = answers(to: bytes)
        if sent.contains(where: \.isRequest) { return .forwarded }
        guard let status = sent.first?.statusCode else { return .ignored }
        return .answered(status)
    }

    static func fits(_ outcome: Outcome, _ expected: Outcome) -> Bool {
        guard expected == .routed else { return outcome == expected }
        return [.forwarded, .answered(404), .answered(480)].contains(outcome)
    }
}
