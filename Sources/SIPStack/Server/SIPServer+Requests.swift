import Primitives
import SIPMessages

/// What becomes of a request: who may send it, whom it is for, and whether it is served here or forwarded.
extension SIPServer {
    /// Where a request leads once its Route has been preprocessed (RFC 3261 §16.5).
    enum Destination: Sendable {
        /// This server itself.
        case own
        /// A user, by public name; of this node's domains or of another that the network may know.
        case user(AddressOfRecord, isOwn: Bool)
        /// A place that is known without asking.
        case direct(Target)
        /// A name that leads nowhere.
        case unknown
    }

    mutating func receive(
        _ received: SIPMessage, as id: ServerTransactionID, on flow: Flow, at now: Instant,
        into actions: inout [Action]
    ) {
        let routed = router.preprocess(received, arrival: flow)
        let request = routed.request
        guard let method = request.method, let uri = request.requestURI else {
            return answer(id, received.response(400, toTag: random.token(12)), at: now)
        }
        if uri.isEmergencyService {
            return callForHelp(request, received: received, as: id, on: flow, at: now, into: &actions)
        }
        switch router.passage(of: received, arrival: flow) {
        case .none: break
        // RFC 5626 §5.3.1: whoever was told the way to the user agent may use it; a made-up one gets a 403.
        case .flow(let onward):
            return forward(
                request, received: received, as: id, on: flow, to: .direct(Target(requestURI: uri, flow: onward)),
                at: now, into: &actions)
        case .forged: return refuseToRelay(request, as: id, on: flow, at: now, into: &actions)
        }
        let destination = destination(of: request, uri: uri, token: routed.token, arrival: flow, at: now)
        if method == .register, isForRegistrar(uri, destination) {
            return register(request, as: id, on: flow, at: now, into: &actions)
        }
        switch destination {
        case .own: serve(request, as: id, on: flow, at: now, into: &actions)
        case .user(_, let isOwn)
        where isEventRequest(request, method, isOwn: isOwn) && (isOwn || flow.transport != .overlay):
            handUp(request, as: id, on: flow, at: now, into: &actions)
        case .user(let aor, isOwn: true) where isForService(request, named: aor, on: flow):
            handUp(request, as: id, on: flow, at: now, into: &actions)
        default:
            guard
                let admitted = admit(
                    request, as: id, on: flow, destination: destination, token: routed.token, at: now, into: &actions)
            else { return }
            forward(admitted, received: received, as: id, on: flow, to: destination, at: now, into: &actions)
        }
    }

    /// RFC 3261 §16.5, in the order: what Route says; this server; a user; a contact registered here; the flow that the
    /// dialog came by; a numeric host; a domain outside the overlay.
    func destination(
        of request: SIPMessage, uri: SIPURI, token: RouteToken?, arrival: Flow?, at now: Instant
    ) -> Destination {
        if request.contains(.route) {
            // RFC 5627 §6.1: a GRUU gives way to the contact on the way to a proxy before the device too; the Route says
            // which proxy, and the Path of the registration is left out.
            return .direct(
                Target(
                    requestURI: contact(at: uri, now: now)?.contact ?? uri,
                    nextHop: router.peerHop(of: token, for: request)))
        }
        if router.isOwnDomain(uri) {
            return uri.addressOfRecord.map { .user($0, isOwn: true) } ?? .own
        }
        if router.isSelf(uri, arrival: arrival) {
            // A phone whose domain is this node's address: its users are those of the first domain.
            guard let user = uri.addressOfRecord?.user, OverlayHost.node(named: uri.host) == nil,
                ![.subscribe, .notify, .publish].contains(request.method) || (try? request.to.tag) == nil,
                let domain = configuration.domains.first, let aor = AddressOfRecord(user: user, host: domain)
            else { return .own }
            return .user(aor, isOwn: true)
        }
        if let binding = registrar.binding(at: uri, over: token?.flow, now: now),
            binding.isFlowOpen || !binding.path.isEmpty
        {
            let target = binding.target
            return .direct(Target(requestURI: uri, nextHop: target.nextHop, route: target.route))
        }
        if let flow = token?.flow { return .direct(Target(requestURI: uri, nextHop: .flow(flow))) }
        if let hop = router.nextHop(for: uri) { return .direct(Target(requestURI: uri, nextHop: hop)) }
        if router.serverName(for: uri) != nil { return .direct(Target(requestURI: uri, nextHop: nil)) }
        if let aor = uri.addressOfRecord, uri.hostAddress == nil, OverlayHost.node(named: uri.host) == nil {
            return .user(aor, isOwn: false)
        }
        return .unknown
    }

    /// RFC 3261 §10.3 step 1, §10.2: a REGISTER names the domain, without a user part, or the registrar itself.
    private func isForRegistrar(_ uri: SIPURI, _ destination: Destination) -> Bool {
        switch destination {
        case .own: true
        case .user(_, let isOwn): isOwn
        default: false
        }
    }

    /// Whether a request is about the state of an event package that is served here (RFC 6665, RFC 3903).
    ///
    /// A publication is for the compositor of the own domain; a subscription to somebody of another domain is served
    /// here as well, by the user of this core, who asks the network.
    private func isEventRequest(_ request: SIPMessage, _ method: SIPMethod, isOwn: Bool) -> Bool {
        if method == .publish { return isOwn }
        guard method == .subscribe, let event = (try? request.event) ?? nil else { return false }
        return configuration.eventPackages.contains(event.package)
    }

    /// Whether a MESSAGE is for a service of this node (RFC 5365 §6): it requires what only that understands, and the
    /// name is no user's.
    private func isForService(_ request: SIPMessage, named aor: AddressOfRecord, on flow: Flow) -> Bool {
        guard request.method == .message, flow.transport != .overlay, !authenticator.isKnown(aor) else { return false }
        return ((try? request.require) ?? []).contains { configuration.messageExtensions.contains($0.lowercased()) }
    }

    private mutating func register(
        _ request: SIPMessage, as id: ServerTransactionID, on flow: Flow, at now: Instant, into actions: inout [Action]
    ) {
        guard case .endpoint = flow.remote else {
            // A phone registers where it is; nobody registers it from another node.
            return answer(id, request.response(403, toTag: random.token(12)), at: now)
        }
        guard !isTrusted(flow) else {
            return driveRegistrar(.request(id, request, flow, authenticated: nil), at: now, into: &actions)
        }
        let domain = (try? request.to)?.uri.host.lowercased() ?? ""
        guard
            let user = authenticate(
                request, as: id, role: .server, domain: domain, on: flow, at: now, into: &actions)
        else { return }
        driveRegistrar(.request(id, request, flow, authenticated: user), at: now, into: &actions)
    }

    /// - Returns: who sent the request; nil when it has been answered with a challenge or a refusal.
    mutating func authenticate(
        _ request: SIPMessage, as id: ServerTransactionID, role: ChallengeRole, domain: String, on flow: Flow,
        at now: Instant, into actions: inout [Action]
    ) -> AddressOfRecord? {
        // Nothing is answered to who proves who they are, so the tag is made only when it is needed.
        let outcome = authenticator.authenticate(
            request, as: role, realm: realm(of: domain), from: flow.remote,
            toTag: { [tagKey] in Self.statelessTag(for: request, key: tagKey) }, at: now)
        switch outcome {
        case .authenticated(let aor):
            if let address = flow.remote.address { sources?.noteProof(from: address, at: now) }
            return aor
        case .refused(let response, let failedFor):
            challenge(request, as: id, with: response, on: flow, at: now)
            if let failedFor { actions.append(.observe(.authenticationFailed(failedFor, from: flow.remote))) }
            return nil
        }
    }

    /// Checks the credentials of a request of another protocol, such as HTTP, with the accounts and the state that SIP has.
    ///
    /// - Parameter domain: whose users are asked.
    package mutating func authenticate(_ request: DigestRequest, domain: String, at now: Instant) -> DigestOutcome {
        authenticator.authenticate(request, realm: realm(of: domain), at: now)
    }

    /// Each domain is a realm of its own, so that an account works at every server of its domain.
    private func realm(of domain: String) -> String {
        router.domains.contains(domain) ? domain : configuration.realm
    }

    /// Whether a request may be forwarded (RFC 3261 §16.3 step 6): this is no open relay.
    ///
    /// - Returns: the request without credentials of ours; nil when it has been answered.
    private mutating func admit(
        _ request: SIPMessage, as id: ServerTransactionID, on flow: Flow, destination: Destination,
        token: RouteToken?, at now: Instant, into actions: inout [Action]
    ) -> SIPMessage? {
        if isOfDialog(request, on: flow, destination: destination, token: token, at: now) { return request }
        if flow.transport == .overlay {
            // Another node reaches the users of this one, and through dialogs their peers; it has no call to use this
            // node as a relay to anywhere else.
            if case .user = destination { return request }
            refuseToRelay(request, as: id, on: flow, at: now, into: &actions)
            return nil
        }
        if isTrusted(flow) { return request }
        guard let from = try? request.from else {
            answer(id, request.response(400, toTag: random.token(12)), at: now)
            return nil
        }
        if router.domains.contains(from.uri.host.lowercased()) {
            // RFC 3261 §22.3: a user of ours proves who they are before anything is forwarded in their name.
            guard
                let user = authenticate(
                    request, as: id, role: .proxy, domain: from.uri.host.lowercased(), on: flow, at: now,
                    into: &actions)
            else { return nil }
            if user == from.uri.addressOfRecord { return withoutOwnCredentials(request) }
        } else if case .user(_, isOwn: true) = destination {
            return request
        }
        refuseToRelay(request, as: id, on: flow, at: now, into: &actions)
        return nil
    }

    private mutating func refuseToRelay(
        _ request: SIPMessage, as id: ServerTransactionID, on flow: Flow, at now: Instant, into actions: inout [Action]
    ) {
        answer(id, request.response(403, toTag: random.token(12)), at: now)
        actions.append(
            .observe(.refused(method: request.method?.description ?? "", status: 403, from: flow.remote)))
    }

    /// RFC 3261 §22.3, RFC 7616 §3.8: credentials for realms of ours are used up here; those for others stay.
    private func withoutOwnCredentials(_ request: SIPMessage) -> SIPMessage {
        let others = request.values(.proxyAuthorization).filter { text in
            guard let realm = (try? AuthHeader(text, of: .proxyAuthorization))?["realm"] else { return true }
            return realm != configuration.realm && !router.domains.contains(realm)
        }
        return request.editing { edit in
            edit.removeAll(.proxyAuthorization)
            for other in others { edit.append(.proxyAuthorization, other) }
        }
    }

    /// RFC 3261 §16.3 steps 3 to 5 and §16.5: checks that go before forwarding, and the targets.
    mutating func forward(
        _ request: SIPMessage, received: SIPMessage, as id: ServerTransactionID, on flow: Flow,
        to destination: Destination, isEmergency: Bool = false, at now: Instant, into actions: inout [Action]
    ) {
        // Step 3: a request that may go no further is refused, and an OPTIONS answered as if it were for us.
        if let hops = try? request.maxForwards, hops == 0 {
            if request.method == .options { return serve(request, as: id, on: flow, at: now, into: &actions) }
            return answer(id, request.response(483, toTag: random.token(12)), at: now)
        }
        // Step 4 as RFC 5393 §4.2.2 has it.
        let mark = LoopDetection.mark(of: received)
        guard !LoopDetection.isLooped(received, mark: mark, sentBys: router.sentBys) else {
            return answer(id, request.response(482, toTag: random.token(12)), at: now)
        }
        // Step 5: extensions that proxies must understand.
        let unsupported = ((try? request.proxyRequire) ?? []).filter { !SupportedExtensions.proxy.contains($0) }
        guard unsupported.isEmpty else {
            let headers = unsupported.map { (HeaderName.unsupported, $0) }
            return answer(id, request.response(420, toTag: random.token(12), headers: headers), at: now)
        }
        var proxied = ProxyRequest(
            upstream: .server(id), request: isTrusted(flow) ? request : Self.withoutAssertion(request), arrival: flow,
            mark: mark, targets: [], lookUp: nil,
            emptyStatus: 404)
        // RFC 5626 §11.6: that a flow has failed is for the proxy that chose it, which may know another one; a user agent
        // is never told.
        if flow.transport == .overlay { proxied.flowFailure = 430 }
        switch destination {
        case .direct(let target):
            if received.values(.via).count > 1 { proxied.flowFailure = 430 }
            proxied.targets = [target]
            proxied.emptyStatus = 480
        case .user(let aor, let isOwn):
            locate(aor, isOwn: isOwn, arrival: flow, for: &proxied, at: now)
            proxied.mayWait = waiting(request, for: aor, on: flow)
        case .own, .unknown: break
        }
        proxied.isEmergency = isEmergency
        passed(request, on: flow, to: destination, into: &actions)
        drive(.forward(proxied), at: now, into: &actions)
    }

    /// RFC 3261 §16.5: a user's targets are the bindings here and whatever the network knows besides. What came from
    /// another node was looked up there: only the bindings here are meant, or two nodes would ask each other for ever.
    func locate(
        _ aor: AddressOfRecord, isOwn: Bool, arrival: Flow?, for proxied: inout ProxyRequest, at now: Instant
    ) {
        let isFromNode = arrival?.transport == .overlay
        if let uri = proxied.request.requestURI, let gruu = router.gruu(at: uri) {
            return locate(gruu, uri, isOwn: isOwn, isFromNode: isFromNode, for: &proxied, at: now)
        }
        proxied.targets = Binding.byUse(registrar.bindings(of: aor, at: now)).map(\.target)
        proxied.lookUp = isFromNode ? nil : aor
        // RFC 3261 §16.5, §21.4.5, §21.4.18: 404 for a user that does not exist here, 480 for one who is not in.
        proxied.emptyStatus = isOwn && !isFromNode && !authenticator.isKnown(aor) ? 404 : isFromNode ? 430 : 480
    }

    /// Whether a request is a message that the user of this core may keep: it was admitted from one of our users, here.
    /// Another node has asked its own overlay already. What was sent to a SIPS URI is not kept: it would be delivered to
    /// contacts to which it must not be forwarded (RFC 5630 §5.3). Nor is what was sent to one device, a GRUU, for the
    /// same reason.
    private func waiting(
        _ request: SIPMessage, for recipient: AddressOfRecord, on flow: Flow
    ) -> (recipient: AddressOfRecord, sender: AddressOfRecord)? {
        guard request.method == .message, flow.transport != .overlay, (try? request.to.tag) == nil,
            let uri = request.requestURI, uri.scheme != .sips, router.gruu(at: uri) == nil,
            let sender = (try? request.from)?.uri.addressOfRecord,
            router.domains.contains(sender.host)
        else { return nil }
        return (recipient, sender)
    }

    /// RFC 3261 §16.11, §13.2.2.4: the ACK to a 2xx passes without a transaction and is never answered.
    mutating func forward(
        ack received: SIPMessage, from flow: Flow, at now: Instant, into actions: inout [Action]
    ) {
        let routed = router.preprocess(received, arrival: flow)
        guard let uri = routed.request.requestURI else { return }
        let hops = (try? routed.request.maxForwards) ?? nil
        guard hops != 0 else { return }
        if case .flow(let onward) = router.passage(of: received, arrival: flow) {
            let target = Target(requestURI: uri, flow: onward)
            guard let (request, hop) = proxy.prepare(acknowledgement: routed.request, for: target) else { return }
            return sendStatelessly(request, to: hop, at: now)
        }
        let destination = destination(
            of: routed.request, uri: uri, token: routed.token, arrival: flow, at: now)
        guard mayAcknowledge(routed, on: flow, destination: destination, at: now),
            let target = acknowledged(routed.request, destination, at: now)
        else { return }
        if let name = proxy.serverToLocate(for: target, of: routed.request) {
            return locate(name, forAcknowledgement: routed.request, to: target, at: now, into: &actions)
        }
        send(acknowledgement: routed.request, to: target, by: nil, at: now)
    }

    /// RFC 3325 §5: what somebody untrusted asserts about who they are is taken away; §9.1 has no other way for it in.
    private static func withoutAssertion(_ request: SIPMessage) -> SIPMessage {
        guard request.contains(.pAssertedIdentity) else { return request }
        return request.editing { $0.removeAll(.pAssertedIdentity) }
    }
}
