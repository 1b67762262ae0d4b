import Primitives
import SIPMessages

/// What this server answers as a user agent server, hands up, and sends on behalf of its user.
extension SIPServer {
    /// The methods that a request to the server itself may have.
    private static let allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, SUBSCRIBE, NOTIFY, PUBLISH, MESSAGE"

    /// A request whose Request-URI is this server, not one of its users.
    mutating func serve(
        _ request: SIPMessage, as id: ServerTransactionID, on flow: Flow, at now: Instant, into actions: inout [Action]
    ) {
        let isInDialog = (try? request.to.tag) != nil
        switch request.method {
        case .subscribe, .publish: handUp(request, as: id, on: flow, at: now, into: &actions)
        // Only nodes and trusted sources are subscribed to.
        case .notify where isTrusted(flow): handUp(request, as: id, on: flow, at: now, into: &actions)
        case .options where !isInDialog: answerStatelessly(id, optionsResponse(to: request, on: flow), at: now)
        default:
            // RFC 3261 §12.2.2: a request within a dialog that nobody here is in gets a 481; §8.2.1: a method that is
            // not for the server gets a 405 with those that are.
            let status = isInDialog || request.method == .notify ? 481 : 405
            let headers = status == 405 ? [(HeaderName.allow, Self.allow)] : []
            answer(id, request.response(status, toTag: random.token(12), headers: headers), at: now)
        }
    }

    private static func supported(_ configuration: SIPServerConfiguration) -> [String] {
        SupportedExtensions.all + configuration.eventExtensions + configuration.messageExtensions
    }

    /// RFC 3261 §11.2: what an answer to OPTIONS says of this server.
    static func capabilities(_ configuration: SIPServerConfiguration) -> [(HeaderName, String)] {
        [
            (.allow, allow), (.accept, "*/*"), (.acceptEncoding, BodyCoding.accepted),
            (.supported, supported(configuration).joined(separator: ", ")),
            (.allowEvents, configuration.eventPackages.sorted().joined(separator: ", ")),
        ]
    }

    /// RFC 3261 §8.2.7: a response that nothing is remembered of has the same tag each time the request comes.
    ///
    /// - Parameter key: this server's ``tagKey``.
    static func statelessTag(for request: SIPMessage, key: [UInt8]) -> String {
        var bytes = key + (request.value(.via)?.bytes ?? [])
        for name in [HeaderName.from, .callID, .cseq] {
            bytes.append(0)
            bytes += request.value(name)?.bytes ?? []
        }
        return Hex.encode(Digest.sha256(bytes).prefix(8))
    }

    /// RFC 3261 §11.2: the answer says what is supported. §8.2.2.3: what is required and not supported gets a 420.
    private func optionsResponse(to request: SIPMessage, on flow: Flow) -> SIPMessage {
        let tag = Self.statelessTag(for: request, key: tagKey)
        let required = (try? request.require) ?? []
        let unsupported = required.filter { !Self.supported(configuration).contains($0.lowercased()) }
        guard unsupported.isEmpty else {
            return request.response(420, toTag: tag, headers: unsupported.map { (.unsupported, $0) })
        }
        let response = request.response(200, toTag: tag, headers: capabilities)
        // Over UDP the source may be forged: then the answer must not be larger than what asked for it.
        guard flow.transport == .udp, !isTrusted(flow), response.bytes.count > request.bytes.count else {
            return response
        }
        return request.response(200, toTag: tag)
    }

    /// Passes a request up to the user of this core once it is known who sent it.
    mutating func handUp(
        _ request: SIPMessage, as id: ServerTransactionID, on flow: Flow, at now: Instant, into actions: inout [Action]
    ) {
        let from = (try? request.from)?.uri.addressOfRecord
        var sender = from
        if !isTrusted(flow) {
            let domain = from?.host ?? configuration.domains.first ?? ""
            guard
                let user = authenticate(
                    request, as: id, role: .server, domain: domain, on: flow, at: now, into: &actions)
            else { return }
            // RFC 3261 §22.1: who is authenticated must be who the request says it is from.
            guard user == from else {
                return answer(id, request.response(403, toTag: random.token(12)), at: now)
            }
            sender = user
        }
        do {
            let plain = try BodyCoding.undone(request)
            handedUp[id] = plain
            handedUpUntil.set(id, to: now + Self.handedUpTime)
            actions.append(.request(id, plain, flow, authenticated: sender))
        } catch {
            let headers = error.status == 415 ? [(HeaderName.acceptEncoding, BodyCoding.accepted)] : []
            answer(id, request.response(error.status, error.reason, toTag: random.token(12), headers: headers), at: now)
        }
    }

    /// Sends a request of the user of this core, by the hop it names or like any other.
    mutating func originate(
        _ token: RequestToken, _ request: SIPMessage, to hop: NextHop?, at now: Instant, into actions: inout [Action]
    ) {
        let routed = router.preprocess(request, arrival: nil)
        guard let uri = routed.request.requestURI else {
            return actions.append(.requestFailed(token, status: 400))
        }
        if let hop, Self.needsNoProxy(routed.request, to: uri) {
            let id = layer.makeClientTransactionID()
            ownRequests[id] = token
            return send(routed.request, as: id, to: hop, at: now)
        }
        var proxied = ProxyRequest(
            upstream: .local(token), request: routed.request, arrival: nil, mark: LoopDetection.mark(of: request),
            targets: [], lookUp: nil, emptyStatus: 404)
        if let hop {
            proxied.targets = [Target(requestURI: uri, nextHop: hop)]
        } else {
            switch destination(of: routed.request, uri: uri, token: routed.token, arrival: nil, at: now) {
            case .direct(let target): proxied.targets = [target]
            case .user(let aor, let isOwn): locate(aor, isOwn: isOwn, arrival: nil, for: &proxied, at: now)
            case .own, .unknown: break
            }
        }
        drive(.forward(proxied), at: now, into: &actions)
    }

    /// Whether a request whose next hop is known leaves as it is: one of an event package, of which there is one copy, one
    /// final response and nothing to be told. By far the most of what a presence agent sends is such.
    private static func needsNoProxy(_ request: SIPMessage, to uri: SIPURI) -> Bool {
        switch request.method {
        case .notify, .subscribe, .publish:
            // RFC 3261 §19.1.1: neither may stand in a Request-URI.
            uri.headers.isEmpty && !uri.parameters.contains("method")
        default: false
        }
    }

    /// Hands up the final response to a request that needed no proxy.
    ///
    /// RFC 3261 §16.7 step 6 has it for the proxy, and the user of this core is told the same either way: who got a 408 or
    /// a 503 got no answer.
    func answered(_ token: RequestToken, _ response: SIPMessage, into actions: inout [Action]) {
        guard let status = response.statusCode, status >= 200 else { return }
        if status == 408 || status == 503 {
            actions.append(.requestFailed(token, status: status))
        } else {
            actions.append(.response(token, response))
        }
    }
}
