import Primitives
import SIPMessages

/// RFC 3261 §16.6: how a request is forwarded to its targets.
extension Proxy {
    /// Starts branches for the targets that wait, as far as Max-Breadth goes.
    mutating func startWaiting(_ id: ContextID, at now: Instant, into actions: inout [Action]) {
        guard var context = contexts[id], !context.waiting.isEmpty else { return }
        while !context.waiting.isEmpty {
            // RFC 5393 §5.3.3: what all running branches hold together must not exceed what came in. Targets for which
            // nothing is left wait for a branch to end.
            guard context.freeBreadth > 0 else { break }
            let target = context.waiting.removeFirst()
            let share = max(1, context.freeBreadth / (context.waiting.count + 1))
            if let name = serverToLocate(for: target, of: context.request) {
                beginSearch(name, for: target, breadth: share, of: id, in: &context, into: &actions)
                continue
            }
            let request: SIPMessage
            let hop: NextHop
            do throws(Obstacle) {
                (request, hop) = try prepare(context, for: target, breadth: share)
            } catch {
                context.best.add(answer(to: context.request, for: error, otherwise: context.emptyStatus))
                continue
            }
            context.freeBreadth -= share
            let branch = makeClientTransactionID()
            context.branches.append(
                .init(id: branch, breadth: share, devices: target.devices, isFlow: target.isFlowOfDevice))
            contextsByBranch[branch] = id
            if context.method == .invite { timers.set(.c(branch), to: now + Self.timerC) }
            actions.append(.send(branch, request, to: hop, branchSuffix: context.mark))
        }
        contexts[id] = context
    }

    /// Makes the copy of the request for one target, and says where it goes.
    ///
    /// - Throws: why the target can't be reached.
    func prepare(
        _ context: ResponseContext, for target: Target, breadth: Int
    ) throws(Obstacle) -> (SIPMessage, NextHop) {
        var uri = target.requestURI
        // RFC 3261 §16.6 step 2: parameters that a Request-URI must not have are removed (§19.1.1: method, headers).
        if uri.isSIP {
            uri.headers = []
            uri.parameters.remove("method")
        }
        let routes = target.route + context.request.values(.route).map(\.string)
        let first = routes.first.flatMap { try? NameAddress(HeaderText($0), of: .route) }
        guard routes.isEmpty || first != nil else { throw .noWay }
        guard let hop = target.nextHop ?? router.nextHop(for: first?.uri ?? uri) else { throw .noWay }
        uri = try Self.requestURI(uri, of: context.request, by: hop)
        let recordRoutes = recordRoutes(context, target: target, hop: hop)
        // RFC 3261 §16.6 step 6: a next hop without lr is a strict router: it finds its own URI in the Request-URI and
        // the real one at the end of Route.
        let strict = first.flatMap { $0.uri.isLooseRouter ? nil : $0.uri }
        let message = context.request.editing { edit in
            if let strict {
                edit.setRequestURI(strict)
            } else if uri != context.request.requestURI {
                edit.setRequestURI(uri)
            }
            // Step 3: Max-Forwards is one less, or 70 when there is none.
            let maxForwards = (try? context.request.maxForwards) ?? nil
            edit.set(.maxForwards, maxForwards.map { max(0, $0 - 1) } ?? 70)
            // RFC 5393 §5.3.3: every proxied request carries its Max-Breadth.
            if context.arrival != nil { edit.set(.maxBreadth, breadth) }
            // RFC 3325 §5: whom this domain takes a user for is nobody's business outside of it.
            if router.isOutside(hop) {
                edit.removeAll(.pAssertedIdentity)
                edit.removeAll("P-Preferred-Identity")
            }
            for value in recordRoutes.reversed() { edit.prepend(.recordRoute, value) }
            if let arrival = context.arrival, let path = router.path(for: context.request, arrival: arrival) {
                edit.prepend(.path, path)
            }
            for value in target.route.reversed() { edit.prepend(.route, value) }
            if strict != nil {
                edit.removeFirstValue(.route)
                edit.append(.route, "<\(uri)>")
            }
            // Step 9: over a stream the length of the body must be there.
            if !context.request.contains(.contentLength) {
                edit.append(.contentLength, context.request.body.count)
            }
        }
        return (message, hop)
    }

    /// RFC 3261 §16.6 step 4: requests that make a dialog are asked to come by here again. RFC 6665 §4.3: a NOTIFY
    /// makes one as well, and keeps what its SUBSCRIBE had.
    private func recordRoutes(_ context: ResponseContext, target: Target, hop: NextHop) -> [String] {
        guard let arrival = context.arrival, context.method.formsDialog else { return [] }
        guard context.method == .notify || (try? context.request.to.tag) == nil else { return [] }
        return router.recordRoutes(
            for: context.request, arrival: arrival, target: target, hop: hop, isEmergency: context.isEmergency)
    }

    /// Makes the ACK to a 2xx that goes on (RFC 3261 §16.6 steps 2, 3, 6 and 7).
    func prepare(acknowledgement ack: SIPMessage, for target: Target) -> (SIPMessage, NextHop)? {
        let context = ResponseContext(
            upstream: .local(RequestToken(0)), request: ack, method: .ack, arrival: nil, mark: "", device: nil,
            flowFailure: 480, emptyStatus: 404, freeBreadth: 1)
        return try? prepare(context, for: target, breadth: 1)
    }

    /// RFC 3261 §16.10: the CANCEL has its own 200 by now; every pending branch of the INVITE is cancelled, and none is
    /// begun any more.
    mutating func cancelled(
        _ server: ServerTransactionID, at now: Instant, into actions: inout [Action]
    ) {
        guard let id = contextsByServer[server], var context = contexts[id], !context.isAnswered else { return }
        context.isCancelled = true
        context.isEnding = true
        context.waiting = []
        if let token = context.lookUp {
            timers.remove(.lookUp(token))
            contextsByLookUp[token] = nil
            context.lookUp = nil
        }
        for branch in abandonSearches(in: &context, into: &actions) { contextsByBranch[branch] = nil }
        for branch in context.branches where !branch.hasFinal { actions.append(.cancel(branch.id)) }
        contexts[id] = context
        finishIfComplete(id, at: now, into: &actions)
    }
}
