import Primitives
import SIPMessages

/// What keeps a flood, and whoever forges the address of a third party, from doing harm.
extension SIPServer {
    /// What an answer costs its address that is larger than its cause, in messages.
    private static let costOfLargerAnswer = 20

    /// Whether bytes from outside are looked at; decided before anything of them is read.
    mutating func isWithinLimits(
        _ bytes: [UInt8], from flow: Flow, at now: Instant, into actions: inout [Action]
    ) -> Bool {
        guard sources != nil, let address = flow.remote.address, !isTrusted(flow) else { return true }
        // RFC 5031 §4.2: nobody who calls for help is turned away. What answers us is not counted either: we asked.
        if Self.isCallForHelp(bytes) || (bytes.starts(with: "SIP/2.0 ".utf8) && layer.isWaiting(for: flow)) {
            return true
        }
        switch sources?.judge(address, at: now) {
        case .admitted, nil: return true
        case .firstRefused: actions.append(.observe(.flooded(from: flow.remote)))
        case .refused: break
        }
        // On a connection nobody would repeat what was passed over: it ends, and who needs one makes another.
        if flow.connection != 0 { actions.append(.transport(.close(flow))) }
        return false
    }

    /// By the first bytes alone.
    private static func isCallForHelp(_ bytes: [UInt8]) -> Bool {
        // A method is written in capitals, a service name in either case (RFC 3261 §7.1, RFC 5031 §4.1).
        let method = "INVITE ".utf8
        return bytes.starts(with: method)
            && bytes.dropFirst(method.count).starts(with: "urn:service:sos".utf8) { $0 == $1 || $0 | 0x20 == $1 }
    }

    /// Answers who has to prove something first, once (RFC 3261 §26.3.2.4).
    ///
    /// The source of a datagram may be forged, and a challenge is larger than a request that says next to nothing: of
    /// those only a few go to one address.
    mutating func challenge(
        _ request: SIPMessage, as id: ServerTransactionID, with response: SIPMessage, on flow: Flow, at now: Instant
    ) {
        if flow.transport == .udp, response.bytes.count > request.bytes.count, let address = flow.remote.address,
            sources?.take(Self.costOfLargerAnswer, for: address, at: now) == false
        {
            return layer.handle(.abandon(id), at: now, into: &fromLayer)
        }
        answerStatelessly(id, response, at: now)
    }
}
