import Primitives
import SIPMessages

/// RFC 3263: targets whose servers have to be found first, and what becomes of a branch whose server fails.
extension Proxy {
    /// The server that must be found before a request can go to a target; nil when the way is known, or there is none.
    func serverToLocate(for target: Target, of request: SIPMessage) -> ServerName? {
        guard target.nextHop == nil, !router.border.isClosed else { return nil }
        let route = target.route.first ?? request.values(.route).first?.string
        let next = route.map { (try? NameAddress(HeaderText($0), of: .route))?.uri } ?? target.requestURI
        guard let next, router.nextHop(for: next) == nil else { return nil }
        return router.serverName(for: next)
    }

    /// Begins a branch whose server is still to be found.
    mutating func beginSearch(
        _ name: ServerName, for target: Target, breadth: Int, of id: ContextID, in context: inout ResponseContext,
        into actions: inout [Action]
    ) {
        let branch = makeClientTransactionID()
        context.freeBreadth -= breadth
        context.branches.append(
            .init(
                id: branch, breadth: breadth, devices: target.devices, isFlow: target.isFlowOfDevice,
                search: .init(target: target)))
        contextsByBranch[branch] = id
        actions.append(.locate(branch, name))
    }

    mutating func located(
        _ branch: ClientTransactionID, _ servers: [ServerAddress], at now: Instant, into actions: inout [Action]
    ) {
        guard let (id, position) = place(of: branch), contexts[id]!.branches[position].isSearching else { return }
        contexts[id]!.branches[position].search?.servers = servers[...]
        guard !sendToNextServer(as: branch, of: id, at: position, at: now, into: &actions) else { return }
        remove(branch, at: position, of: id)
        // RFC 3261 §16.6 step 7, §16.9: without a server the branch counts as one that could not be reached.
        contexts[id]!.best.add(.assumed(503))
        startWaiting(id, at: now, into: &actions)
        finishIfComplete(id, at: now, into: &actions)
    }

    /// RFC 3263 §4.3: after a 503, a failure of the transport, or no answer at all, the next server gets the request,
    /// which is the same but for its branch.
    ///
    /// - Parameters:
    ///   - time: how long the server asked to be left alone.
    ///   - isTimeout: whether the transaction has timed out. Only an INVITE goes on then: the client of any other request
    ///     has given up by that time as well (RFC 4320 §1.1).
    /// - Returns: whether the request has gone to another server.
    mutating func failOver(
        _ branch: ClientTransactionID, stayAwayFor time: Interval?, isTimeout: Bool, at now: Instant,
        into actions: inout [Action]
    ) -> Bool {
        guard let (id, position) = place(of: branch), let search = contexts[id]!.branches[position].search,
            let server = search.current, !contexts[id]!.branches[position].hasFinal,
            !(isTimeout && search.hasResponded)
        else { return false }
        actions.append(.serverFailed(server, for: time))
        guard !contexts[id]!.isEnding, !isTimeout || contexts[id]!.method == .invite else { return false }
        let next = makeClientTransactionID()
        guard sendToNextServer(as: next, of: id, at: position, at: now, into: &actions) else { return false }
        timers.remove(.c(branch))
        contextsByBranch[branch] = nil
        return true
    }

    /// Notes that a server answers, so that its transaction can't time out without a response any more.
    mutating func serverResponded(_ branch: ClientTransactionID) {
        guard let (id, position) = place(of: branch) else { return }
        contexts[id]!.branches[position].search?.hasResponded = true
    }

    /// Gives up the branches whose servers are still being looked for: nothing was sent, so there is nothing to cancel.
    func abandonSearches(in context: inout ResponseContext, into actions: inout [Action]) -> [ClientTransactionID] {
        let abandoned = context.branches.filter(\.isSearching)
        context.branches.removeAll(where: \.isSearching)
        for branch in abandoned {
            context.freeBreadth += branch.breadth
            actions.append(.forgetLocation(branch.id))
        }
        return abandoned.map(\.id)
    }

    private func place(of branch: ClientTransactionID) -> (ContextID, Int)? {
        guard let id = contextsByBranch[branch],
            let position = contexts[id]?.branches.firstIndex(where: { $0.id == branch })
        else { return nil }
        return (id, position)
    }

    /// Sends a branch's request to the first server left that it may go to, in a transaction of the name `branch`.
    private mutating func sendToNextServer(
        as branch: ClientTransactionID, of id: ContextID, at position: Int, at now: Instant,
        into actions: inout [Action]
    ) -> Bool {
        guard var context = contexts[id], var search = context.branches[position].search else { return false }
        defer { contexts[id] = context }
        while let server = search.servers.popFirst() {
            var target = search.target
            target.nextHop = router.hop(to: server)
            let breadth = context.branches[position].breadth
            guard let (request, hop) = try? prepare(context, for: target, breadth: breadth) else { continue }
            search.current = server
            search.hasResponded = false
            context.branches[position].search = search
            context.branches[position].id = branch
            contextsByBranch[branch] = id
            if context.method == .invite { timers.set(.c(branch), to: now + Self.timerC) }
            actions.append(.send(branch, request, to: hop, branchSuffix: context.mark))
            return true
        }
        return false
    }

    /// Takes a branch out of which no transaction has come.
    private mutating func remove(_ branch: ClientTransactionID, at position: Int, of id: ContextID) {
        contexts[id]!.freeBreadth += contexts[id]!.branches[position].breadth
        contexts[id]!.branches.remove(at: position)
        contextsByBranch[branch] = nil
    }
}
