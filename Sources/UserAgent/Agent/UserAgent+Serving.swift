import Presence
import Primitives
import SIPMessages
import SIPStack

/// Requests that come in (RFC 3261 §8.2).
extension UserAgent {
    /// The methods that are served, as Allow lists them.
    static let allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE, NOTIFY"

    mutating func serve(
        _ request: SIPMessage, _ id: ServerTransactionID, at now: Instant, into actions: inout [Action]
    ) {
        guard let method = request.method, accepts(request, id, method, at: now, into: &actions) else { return }
        switch method {
        case .invite: receiveInvite(request, id, at: now, into: &actions)
        case .bye: receiveBye(request, id, at: now, into: &actions)
        case .message: receiveMessage(request, id, at: now, into: &actions)
        case .options: receiveOptions(request, id, at: now, into: &actions)
        // RFC 6665 §4.1.3: a NOTIFY belongs to a subscription, which the subscriber knows.
        case .notify: drive(Subscriber.Event.request(id, request), at: now, into: &actions)
        default: respond(id, to: request, 405, headers: [(.allow, Self.allow)], at: now, into: &actions)
        }
    }

    /// What is checked of every request before anything is done about it.
    private mutating func accepts(
        _ request: SIPMessage, _ id: ServerTransactionID, _ method: SIPMethod, at now: Instant,
        into actions: inout [Action]
    ) -> Bool {
        let isInside = (try? request.to)?.tag != nil
        // RFC 3261 §8.2.2.1: a request for somebody else who is not here.
        if !isInside, method != .options, !isForUs(request.requestURI) {
            respond(id, to: request, 404, at: now, into: &actions)
            return false
        }
        // RFC 3261 §8.2.2.2: the second copy of a request that was forked on its way is refused.
        if !isInside, let key = mergeKey(of: request) {
            guard served[key] == nil else {
                respond(id, to: request, 482, at: now, into: &actions)
                return false
            }
            serving[id] = key
            served[key] = id
        }
        // RFC 3261 §8.2.2.3: what the request requires and nobody here understands is named in Unsupported.
        let required = request.values(.require).map(\.string)
        guard required.isEmpty else {
            respond(
                id, to: request, 420, headers: [(.unsupported, required.joined(separator: ", "))], at: now,
                into: &actions)
            return false
        }
        return true
    }

    private func isForUs(_ uri: SIPURI?) -> Bool {
        guard let uri, uri.isSIP else { return false }
        guard uri.user != nil else { return uri.endpoint == configuration.contact.endpoint }
        return uri.decodedUser == configuration.contact.decodedUser || uri.addressOfRecord == configuration.account
    }

    private func mergeKey(of request: SIPMessage) -> MergeKey? {
        guard let tag = (try? request.from)?.tag, let callID = try? request.callID, let cseq = try? request.cseq else {
            return nil
        }
        return MergeKey(fromTag: tag, callID: callID, sequence: cseq.number)
    }

    /// RFC 3261 §11.2: OPTIONS is answered with what is understood here, and with the status that an INVITE would get.
    private mutating func receiveOptions(
        _ request: SIPMessage, _ id: ServerTransactionID, at now: Instant, into actions: inout [Action]
    ) {
        respond(
            id, to: request, calls.count < configuration.maximumCalls ? 200 : 486,
            headers: [
                (.allow, Self.allow), (.accept, "\(SessionDescription.contentType), text/plain, \(PIDF.contentType)"),
                (.allowEvents, EventPackage.presence.rawValue), (.supported, ""),
            ],
            at: now, into: &actions)
    }

    /// Answers a request; the To tag is made where there is none yet.
    mutating func respond(
        _ id: ServerTransactionID, to request: SIPMessage, _ status: Int, _ reason: String? = nil,
        headers: [(HeaderName, String)] = [], at now: Instant, into actions: inout [Action]
    ) {
        let response = request.response(status, reason, toTag: random.token(10), headers: headers)
        drive(.respond(id, response), at: now, into: &actions)
    }
}
