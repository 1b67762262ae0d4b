import Presence
import Primitives
import SIPMessages
import SIPStack

/// Requests on their way out, and their responses on their way to whoever waits for them.
extension UserAgent {
    /// A request is sent at most this many times because of challenges: one for a proxy, one for the other side, and
    /// one each for a nonce that grew old meanwhile.
    private static let maximumChallenges = 4

    /// Sends a request in a transaction of its own.
    ///
    /// - Parameter hop: nil lets the request say where it goes.
    mutating func send(
        _ request: SIPMessage, for purpose: OutstandingRequest.Purpose, to hop: NextHop? = nil, challenges: Int = 0,
        at now: Instant, into actions: inout [Action]
    ) {
        guard let hop = hop ?? nextHop(of: request) else {
            // RFC 3261 §8.1.3.1: what can't be sent is treated as a 503.
            finish(purpose, failedWith: 503, "No address to send to", at: now, into: &actions)
            return
        }
        // Credentials go unasked to the own server alone, to others only once they have asked.
        let hasCredentials = request.contains(.authorization) || request.contains(.proxyAuthorization)
        let mayHave = hop == configuration.outboundProxy?.hop || challenges > 0
        let sent = mayHave && !hasCredentials ? digest.authorized(request) : request
        let id = transactions.makeClientTransactionID()
        requests[id] = OutstandingRequest(
            purpose: purpose, request: request, sent: sent, hop: hop, challenges: challenges)
        drive(.send(id, sent, to: hop, branchSuffix: nil), at: now, into: &actions)
    }

    /// RFC 3261 §8.1.2, §12.2.1.1: the first Route, else the Request-URI, says where a request goes. A name instead
    /// of an address is left to the own server to find, as local policy (§8.1.2).
    func nextHop(of request: SIPMessage) -> NextHop? {
        guard let uri = (try? request.topRoute)?.uri ?? request.requestURI else { return nil }
        let known = uri.transport ?? .udp
        guard let endpoint = uri.endpoint, configuration.listeners.contains(where: { $0.transport == known }) else {
            return configuration.outboundProxy?.hop
        }
        return .address(known, endpoint)
    }

    /// The header fields of a request outside any dialog (RFC 3261 §8.1.1), To and From included.
    mutating func outsideDialog(
        _ method: SIPMethod, to: NameAddress, callID: String, sequence: UInt32
    ) -> [(HeaderName, String)] {
        var from = configuration.address
        from.tag = random.token(10)
        var headers = routes
        headers += [
            (.maxForwards, "70"), (.from, from.description), (.to, to.description), (.callID, callID),
            (.cseq, "\(sequence) \(method)"),
        ]
        return headers
    }

    /// RFC 3261 §8.1.2: the own server as a route that is there before any dialog; RFC 3608 §5: what a registration
    /// named in Service-Route takes its place.
    var routes: [(HeaderName, String)] {
        guard let proxy = configuration.outboundProxy else { return [] }
        guard registration.serviceRoutes.isEmpty else {
            return registration.serviceRoutes.map { (.route, $0) }
        }
        return [(.route, proxy.route)]
    }

    // MARK: responses

    mutating func receive(
        _ response: SIPMessage, to id: ClientTransactionID, at now: Instant, into actions: inout [Action]
    ) {
        // RFC 3261 §8.1.3: a response that can't be read is dropped. §8.1.3.3: so is one with a second Via.
        guard let outstanding = requests[id], let status = response.statusCode, response.validation() == nil,
            (try? response.vias)?.count == 1
        else { return }
        if status < 200 {
            if case .invite(let number) = outstanding.purpose {
                progressed(number, response, sent: outstanding.sent, into: &actions)
            }
            return
        }
        if status == 401 || status == 407 {
            let isAnswerable = isAnswerable(outstanding, challengedBy: response, status: status)
            presence.isChallengeAnswerable = isAnswerable
            if isAnswerable, outstanding.purpose.isRepeatedHere, !isGivenUp(outstanding.purpose) {
                requests[id] = nil
                repeatAuthorized(outstanding, at: now, into: &actions)
                return
            }
        }
        // Further 2xx of an INVITE come under the same transaction, which says itself when it has ended.
        if case .invite(let number) = outstanding.purpose {
            if status >= 300 { requests[id] = nil }
            answered(number, response, sent: outstanding.sent, at: now, into: &actions)
            return
        }
        requests[id] = nil
        finish(outstanding.purpose, response, at: now, into: &actions)
    }

    /// RFC 3261 §22.2, §22.3: a challenged request is worth sending again with credentials, unless those that it had
    /// were an answer to this very challenge.
    private mutating func isAnswerable(
        _ outstanding: OutstandingRequest, challengedBy response: SIPMessage, status: Int
    ) -> Bool {
        guard outstanding.challenges < Self.maximumChallenges else { return false }
        let header: HeaderName = status == 401 ? .authorization : .proxyAuthorization
        // Another request has answered the same challenger while this one was on its way without credentials.
        if !outstanding.sent.contains(header), digest.authorized(outstanding.request).contains(header) { return true }
        if digest.learn(from: response) { return true }
        // Credentials that went unasked may have been for a nonce of which this server knows nothing.
        return outstanding.hasUnasked(header) && digest.learn(from: response)
    }

    /// RFC 3261 §22.2, §8.1.3.5: the same request again, with the same Call-ID, To and From, and a CSeq one higher.
    private mutating func repeatAuthorized(
        _ outstanding: OutstandingRequest, at now: Instant, into actions: inout [Action]
    ) {
        var request = outstanding.request
        let challenges = outstanding.challenges + 1
        if case .bye(let number) = outstanding.purpose, let again = nextBye(of: number) {
            send(again, for: outstanding.purpose, to: outstanding.hop, challenges: challenges, at: now, into: &actions)
            return
        }
        guard let cseq = try? request.cseq else { return }
        request = request.editing { $0.set(.cseq, "\(cseq.number &+ 1) \(cseq.method)") }
        if outstanding.purpose == .register { registration.sequence = cseq.number &+ 1 }
        send(request, for: outstanding.purpose, to: outstanding.hop, challenges: challenges, at: now, into: &actions)
    }

    /// Whether this is the INVITE of a call that the caller has given up meanwhile.
    private func isGivenUp(_ purpose: OutstandingRequest.Purpose) -> Bool {
        guard case .invite(let number) = purpose, let position = position(of: number) else { return false }
        return calls[position].isGivenUp
    }

    mutating func failed(
        _ id: ClientTransactionID, status: Int, at now: Instant, into actions: inout [Action]
    ) {
        guard let outstanding = requests.removeValue(forKey: id) else { return }
        let reason = status == 408 ? "No answer" : "Could not be sent"
        finish(outstanding.purpose, failedWith: status, reason, at: now, into: &actions)
    }

    private mutating func finish(
        _ purpose: OutstandingRequest.Purpose, _ response: SIPMessage, at now: Instant, into actions: inout [Action]
    ) {
        guard let status = response.statusCode else { return }
        switch purpose {
        case .register: registerAnswered(response, at: now, into: &actions)
        case .publication(let token): drive(Publisher.Event.response(token, response), at: now, into: &actions)
        case .subscription(let token): drive(Subscriber.Event.response(token, response), at: now, into: &actions)
        case .message(let number):
            if status < 300 {
                actions.append(.messageDelivered(number))
            } else {
                actions.append(.messageFailed(number, status: status, reason: response.reasonPhrase))
            }
        case .bye(let number): byeAnswered(number, into: &actions)
        case .invite, .surplusBye: break
        }
    }

    private mutating func finish(
        _ purpose: OutstandingRequest.Purpose, failedWith status: Int, _ reason: String, at now: Instant,
        into actions: inout [Action]
    ) {
        switch purpose {
        case .register:
            registrationFailed(status: status, reason: reason, retryAfter: nil, at: now, into: &actions)
        case .publication(let token):
            drive(Publisher.Event.requestFailed(token, status: status), at: now, into: &actions)
        case .subscription(let token):
            drive(Subscriber.Event.requestFailed(token, status: status), at: now, into: &actions)
        case .message(let number): actions.append(.messageFailed(number, status: status, reason: reason))
        case .invite(let number): unanswered(number, status: status, reason: reason, into: &actions)
        case .bye(let number): byeAnswered(number, into: &actions)
        case .surplusBye: break
        }
    }
}
