import Primitives
import SIPMessages

/// RFC 3261 §16.7: what becomes of the responses.
extension Proxy {
    mutating func receive(
        _ response: SIPMessage, of branch: ClientTransactionID, at now: Instant, into actions: inout [Action]
    ) {
        guard let id = contextsByBranch[branch], let status = response.statusCode,
            let position = contexts[id]?.branches.firstIndex(where: { $0.id == branch })
        else { return }
        let isInvite = contexts[id]!.method == .invite
        if contexts[id]!.branches[position].search != nil {
            if status == 503 {
                let seconds = ((try? response.retryAfter) ?? nil)?.seconds
                let time = seconds.map { Interval.seconds($0) }
                if failOver(branch, stayAwayFor: time, isTimeout: false, at: now, into: &actions) { return }
            }
            serverResponded(branch)
        }
        switch status {
        case 100: break
        case ..<200:
            // Step 2: a provisional response other than 100 sets timer C again.
            if isInvite, timers[.c(branch)] != nil { timers.set(.c(branch), to: now + Self.timerC) }
            if isInvite { noteEarlyDialog(response, of: position, in: id) }
            // Step 5: and it goes upstream at once, until a final response has. RFC 4320 §4.1: only for INVITE.
            if isInvite, !contexts[id]!.isAnswered { passUpstream(response, id, into: &actions) }
        case ..<300:
            finish(branch, at: position, of: id)
            // Step 5: a 2xx goes upstream at once; to an INVITE every 2xx does, even after another final response.
            if isInvite || !contexts[id]!.isAnswered {
                report(id, into: &actions)
                contexts[id]!.isAnswered = true
                passUpstream(response, id, into: &actions)
            }
            // Step 10: the other branches of the INVITE have lost.
            endSearch(id, into: &actions)
            if !isInvite { finishIfComplete(id, at: now, into: &actions) }
        default:
            // RFC 2543 peers may follow a non-2xx by a 2xx; a second non-2xx of a branch changes nothing.
            guard !contexts[id]!.branches[position].hasFinal else { return }
            finish(branch, at: position, of: id)
            contexts[id]!.best.add(Self.candidate(response, in: contexts[id]!))
            useSpare(insteadOf: branch, after: status, hasAnswered: true, in: id)
            endEarlyDialogs(of: position, in: id, by: status, into: &actions)
            // Step 5: a 6xx ends the search; it goes upstream once all branches have answered their CANCEL.
            if status >= 600 { endSearch(id, into: &actions) }
            advance(id, at: now, into: &actions)
        }
    }

    /// A branch without an answer counts as one that answered 408 or 503 (RFC 3261 §16.8, §16.9).
    mutating func fail(
        _ branch: ClientTransactionID, status: Int, at now: Instant, into actions: inout [Action]
    ) {
        guard let id = contextsByBranch[branch],
            let position = contexts[id]?.branches.firstIndex(where: { $0.id == branch }),
            !contexts[id]!.branches[position].hasFinal
        else { return }
        if failOver(branch, stayAwayFor: nil, isTimeout: status == 408, at: now, into: &actions) { return }
        finish(branch, at: position, of: id)
        contexts[id]!.best.add(.assumed(Self.outcome(of: position, status: status, in: contexts[id]!)))
        useSpare(insteadOf: branch, after: status, hasAnswered: false, in: id)
        let request = contexts[id]!.request
        if (try? request.to.tag) != nil { actions.append(.unanswered(request)) }
        advance(id, at: now, into: &actions)
    }

    /// Who has not answered a message by now counts as not being there, so that it is kept. Should they answer after all,
    /// they get it twice; the other way round it would be lost.
    mutating func giveUp(_ id: ContextID, at now: Instant, into actions: inout [Action]) {
        endSearch(id, into: &actions)
        guard let branches = contexts[id]?.branches else { return }
        for branch in branches { fail(branch.id, status: 480, at: now, into: &actions) }
        finishIfComplete(id, at: now, into: &actions)
    }

    private mutating func finish(_ branch: ClientTransactionID, at position: Int, of id: ContextID) {
        timers.remove(.c(branch))
        guard !contexts[id]!.branches[position].hasFinal else { return }
        contexts[id]!.branches[position].hasFinal = true
        contexts[id]!.freeBreadth += contexts[id]!.branches[position].breadth
    }

    private mutating func advance(_ id: ContextID, at now: Instant, into actions: inout [Action]) {
        startWaiting(id, at: now, into: &actions)
        finishIfComplete(id, at: now, into: &actions)
    }

    /// No more targets are tried, and the INVITE's pending branches are cancelled.
    private mutating func endSearch(_ id: ContextID, into actions: inout [Action]) {
        guard var context = contexts[id] else { return }
        context.isEnding = true
        context.waiting = []
        if let token = context.lookUp {
            timers.remove(.lookUp(token))
            contextsByLookUp[token] = nil
            context.lookUp = nil
        }
        for branch in abandonSearches(in: &context, into: &actions) { contextsByBranch[branch] = nil }
        if context.method == .invite {
            for branch in context.branches where !branch.hasFinal { actions.append(.cancel(branch.id)) }
        }
        contexts[id] = context
    }

    /// RFC 3261 §16.7 step 6: once all branches are through and no final response has gone upstream, the best goes.
    mutating func finishIfComplete(_ id: ContextID, at now: Instant, into actions: inout [Action]) {
        guard let context = contexts[id], context.isComplete else { return }
        if !context.isAnswered {
            contexts[id]!.isAnswered = true
            answer(with: context.best.candidate, context, into: &actions)
        }
        // An INVITE's branches can bring more 2xx until their transactions end; nothing else comes twice.
        if context.branches.isEmpty || context.method != .invite { forget(id) }
    }

    private mutating func answer(
        with candidate: BestResponse.Candidate?, _ context: ResponseContext, into actions: inout [Action]
    ) {
        if context.method == .bye, let call = calls.end(context.request) { actions.append(.observe(call)) }
        if case .server(let server) = context.upstream, let (recipient, sender) = context.mayWait,
            Self.isAbsence(candidate)
        {
            actions.append(
                .absent(
                    server, context.request, recipient: recipient, sender: sender,
                    status: candidate?.status == 503 ? 500 : candidate?.status ?? context.emptyStatus))
            return
        }
        switch candidate {
        case .received(let response) where response.statusCode != 503 && response.statusCode != 408:
            let complete = context.best.withAllChallenges(response)
            switch context.upstream {
            case .server(let server): actions.append(.respond(server, complete))
            case .local(let token): actions.append(.response(token, complete))
            }
        default:
            // RFC 3261 §9.2, §16.10: what the client gave up before anybody was asked is answered 487.
            let status = context.isCancelled ? 487 : candidate?.status ?? context.emptyStatus
            answer(status: status, context, into: &actions)
        }
    }

    /// Whether the best that can be said is that nobody is there: no device refused the message. Whether there is such a
    /// user at all is not for a node to say that knows only some of a domain.
    private static func isAbsence(_ candidate: BestResponse.Candidate?) -> Bool {
        switch candidate {
        case nil: true
        case .assumed(let status): status == 480 || status == 503
        case .received(let response): response.statusCode == 480
        }
    }

    private mutating func answer(status: Int, _ context: ResponseContext, into actions: inout [Action]) {
        switch context.upstream {
        case .local(let token): actions.append(.requestFailed(token, status: status))
        case .server(let server):
            // RFC 4320 §4.2: no 408 to anything but INVITE; it would come after the client has given up anyway.
            guard status != 408 || context.method == .invite else { return }
            // RFC 3261 §16.7 step 6: a 503 speaks of one branch only; upstream it would turn clients away from this
            // proxy, so it becomes a 500.
            let response = context.request.response(status == 503 ? 500 : status, toTag: random.token(12))
            actions.append(.respond(server, response))
        }
    }

    /// Steps 3, 7 and 9: our Via comes off and the response goes where the request came from.
    private mutating func passUpstream(_ response: SIPMessage, _ id: ContextID, into actions: inout [Action]) {
        guard let context = contexts[id] else { return }
        switch context.upstream {
        case .server(let server): actions.append(.respond(server, Self.withoutTopVia(response)))
        case .local(let token): actions.append(.response(token, response))
        }
    }

    static func withoutTopVia(_ response: SIPMessage) -> SIPMessage {
        response.editing { $0.removeFirstValue(.via) }
    }

    /// What people want to know of a 2xx; further ones to the same request say nothing new.
    private mutating func report(_ id: ContextID, into actions: inout [Action]) {
        guard let context = contexts[id], !context.isAnswered else { return }
        switch context.method {
        case .invite: if let call = calls.setUp(context.request) { actions.append(.observe(call)) }
        case .bye: if let call = calls.end(context.request) { actions.append(.observe(call)) }
        case .message:
            let from = (try? context.request.from)?.uri.addressOfRecord
            let to = (try? context.request.to)?.uri.addressOfRecord
            actions.append(.observe(.messagePassed(from: from, to: to)))
        default: break
        }
    }

    /// A client transaction is gone: its branch can bring nothing more, and with the last one the context goes.
    mutating func ended(_ branch: ClientTransactionID) {
        timers.remove(.c(branch))
        guard let id = contextsByBranch.removeValue(forKey: branch), contexts[id] != nil else { return }
        contexts[id]!.branches.removeAll { $0.id == branch }
        if contexts[id]!.branches.isEmpty, contexts[id]!.isComplete, contexts[id]!.isAnswered { forget(id) }
    }

    private mutating func forget(_ id: ContextID) {
        guard let context = contexts.removeValue(forKey: id) else { return }
        if case .server(let server) = context.upstream { contextsByServer[server] = nil }
        if let token = context.lookUp { contextsByLookUp[token] = nil }
        if context.mayWait != nil { timers.remove(.patience(id)) }
        for branch in context.branches { contextsByBranch[branch.id] = nil }
    }
}
