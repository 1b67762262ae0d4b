import Identity
import Primitives

// Sending requests and seeing them answered or not.
extension Kademlia {
    mutating func request(
        _ body: Message.Body, to destination: MessageDestination, for purpose: PendingRequest.Purpose,
        attempt: UInt8 = 1, at now: Instant, into actions: inout [Action]
    ) {
        let transaction = pending.nextTransaction(random.next())
        let (slow, hard) = timeouts(of: body, to: destination, attempt: attempt)
        var slowAt = Instant.distantFuture
        if case .search = purpose { slowAt = now + slow }
        var isKept = purpose.mostAttempts > attempt
        if case .fetch(_, _, .some, _) = body { isKept = true }
        let request = PendingRequest(
            transaction: transaction, destination: destination, purpose: purpose, sentAt: now, attempt: attempt,
            question: isKept ? PendingRequest.Question(body) : nil, slowAt: slowAt, lostAt: now + hard)
        guard !pending.isFull else { return failed(request, at: now, into: &actions) }
        pending.add(request)
        traffic.sent.count(at: now)
        noteSent(to: destination)
        actions.append(.send(Message(transaction: transaction, body: body, isFromClient: isClient), to: destination))
    }

    /// A contact that was measured is judged by its own round trips. Another one first needs a session, which takes
    /// a round trip more, and is judged by what is usual here.
    private func timeouts(
        of body: Message.Body, to destination: MessageDestination, attempt: UInt8
    ) -> (slow: Interval, hard: Interval) {
        var slow = generalRoundTrip.shortTimeout * 2
        var hard = max(generalRoundTrip.hardTimeout * 2, .seconds(1))
        if case .contact(let contact) = destination, let known = table.state(of: contact)?.roundTrip,
            known.hasSamples
        {
            slow = known.shortTimeout
            hard = known.hardTimeout
        }
        switch body {
        case .store, .changed: hard = hard + .seconds(1)  // It may be sent in fragments.
        default: break
        }
        return (slow, hard * Double(attempt))
    }

    mutating func receive(
        _ message: Message, from contact: ContactHandle, at now: Instant, into actions: inout [Action]
    ) {
        guard !contacts.hasID(contact, nodeID) else { return }
        noteReceived(message, from: contact, at: now, into: &actions)
        guard message.isAnswer else {
            guard admits(message.body, from: contact, at: now) else { return }
            if case .leaving = message.body {
                loseContact(contacts.nodeID(contact), isCertain: true, at: now, into: &actions)
                failRequests(to: .contact(contact), at: now, into: &actions)
            } else {
                heard(from: contact, saying: message, roundTrip: nil, at: now, into: &actions)
                serve(message, from: contact, at: now, into: &actions)
            }
            return
        }
        guard let asked = pending.destination(of: message.transaction) else {
            heard(from: contact, saying: message, roundTrip: nil, at: now, into: &actions)
            return
        }
        if case .contact(let asked) = asked, asked != contact, contacts.nodeID(asked) != contacts.nodeID(contact) {
            return
        }
        guard let request = pending.remove(message.transaction) else { return }
        // The first exchange with a stranger may include the handshake: an upper bound, which the next ones correct, and
        // which says nothing about what is usual.
        let roundTrip = request.attempt == 1 ? now - request.sentAt : nil
        if let roundTrip, let asked = request.contact, table.roundTrip(of: asked) != nil {
            generalRoundTrip.add(roundTrip)
        }
        heard(from: contact, saying: message, roundTrip: roundTrip, at: now, into: &actions)
        if message.isFromClient, case .search(let id) = request.purpose {
            return passOver(client: contact, in: id, at: now, into: &actions)
        }
        answered(request, by: contact, with: message.body, at: now, into: &actions)
    }

    private mutating func answered(
        _ request: PendingRequest, by contact: ContactHandle, with body: Message.Body, at now: Instant,
        into actions: inout [Action]
    ) {
        guard keepsOrder(body, after: request.after) else { return failed(request, at: now, into: &actions) }
        switch (request.purpose, body) {
        case (.liveness, .pong(let observed)), (.keepOpen, .pong(let observed)), (.call, .pong(let observed)):
            noteReflection(observed, by: contact, at: now, into: &actions)
        case (.callBack, .callBackAnswer(let observed, let answer)):
            callBackAnswered(by: contact, observed: observed, answer, at: now, into: &actions)
        case (.bootstrap, .nodes(let contacts)):
            bootstrapAnswered(by: contact, with: contacts, at: now, into: &actions)
        case (.search(let id), .nodes(let contacts)):
            searchAnswered(id, by: contact, page: nil, closer: contacts, at: now, into: &actions)
        case (.search(let id), .fetched(let answer)):
            searchAnswered(id, by: contact, page: answer, closer: answer.closer, at: now, into: &actions)
        case (.page(let id), .fetched(let answer)): pageAnswered(id, by: contact, answer, at: now, into: &actions)
        case (.replica(let id), .stored(let refusal, let held)):
            replicaAnswered(id, by: contact, refusal, held, at: now, into: &actions)
        case (.handOver, .stored(let refusal, let held)):
            handOverAnswered(request, by: contact, refusal, held, at: now, into: &actions)
        case (.newer, .fetched(let page)): takeNewer(page, from: contact, at: now, into: &actions)
        case (.repair, .stored): break
        case (.lease(let resource), .watching(let answer)):
            leaseAnswered(resource, by: contact, answer, at: now, into: &actions)
        case (.watchedPage(let resource, let number), .fetched(let answer)):
            watchedPageArrived(resource, number: number, from: contact, answer, at: now, into: &actions)
        case (.change(let resource, let lease), .changeSeen(let isWatched)):
            changeWasSeen(
                resource, lease: lease, by: request.contact ?? contact, isWatched: isWatched, at: now, into: &actions)
        default:
            // An answer of another kind than the question is as good as none.
            failed(request, at: now, into: &actions)
        }
    }

    /// Whether the keys of a page ascend from the one that was named: paging ends that way.
    private func keepsOrder(_ answer: Message.Body, after: [UInt8]?) -> Bool {
        guard case .fetched(let page) = answer else { return true }
        var last = after
        for record in page.records {
            if let last, !last.lexicographicallyPrecedes(record.key) { return false }
            last = record.key
        }
        return true
    }

    mutating func requestIsSlow(_ request: PendingRequest, at now: Instant, into actions: inout [Action]) {
        guard case .search(let id) = request.purpose, let contact = request.contact else { return }
        operations[id]?.lookup.slow(contact)
        traceSlowness(id, of: contact)
        advance(id, at: now, into: &actions)
    }

    mutating func requestIsLost(_ request: PendingRequest, at now: Instant, into actions: inout [Action]) {
        if let contact = request.contact, isCurrent(contact) {
            loseContact(contacts.nodeID(contact), isCertain: false, at: now, into: &actions)
        }
        if let repetition = request.repetition, isStillWanted(request) {
            self.request(
                repetition, to: request.destination, for: request.purpose, attempt: request.attempt + 1, at: now,
                into: &actions)
        } else {
            failed(request, at: now, into: &actions)
        }
    }

    private func isStillWanted(_ request: PendingRequest) -> Bool {
        switch request.purpose {
        case .page(let id), .replica(let id), .search(let id): operations[id] != nil
        case .lease(let resource), .watchedPage(let resource, _): watches[resource] != nil
        default: true
        }
    }

    /// A request will not be answered: whoever waits for it goes on without.
    private mutating func failed(_ request: PendingRequest, at now: Instant, into actions: inout [Action]) {
        switch request.purpose {
        case .liveness, .repair, .newer, .bootstrap, .call: break
        case .callBack: callBackEnded(at: now, into: &actions)
        case .keepOpen: if let contact = request.contact { replaceLeases(at: contact, at: now, into: &actions) }
        case .search(let id):
            if let contact = request.contact { searchFailed(id, at: contact, at: now, into: &actions) }
        case .page(let id): pageFailed(id, at: request.contact, at: now, into: &actions)
        case .replica(let id): replicaFailed(id, at: now, into: &actions)
        case .handOver: handOverEnded(at: now, into: &actions)
        case .lease(let resource), .watchedPage(let resource, _):
            if let contact = request.contact { leaseFailed(resource, at: contact, at: now, into: &actions) }
        case .change(let resource, let lease):
            if let watcher = request.contact { leases.end(resource, of: watcher, serial: lease) }
        }
    }

    mutating func unreachable(_ destination: MessageDestination, at now: Instant, into actions: inout [Action]) {
        if case .contact(let contact) = destination, isCurrent(contact) {
            loseContact(contacts.nodeID(contact), isCertain: true, at: now, into: &actions)
        }
        failRequests(to: destination, at: now, into: &actions)
    }

    private mutating func failRequests(
        to destination: MessageDestination, at now: Instant, into actions: inout [Action]
    ) {
        for request in pending.all {
            let isHit =
                switch (request.destination, destination) {
                case (.contact(let a), .contact(let b)): a == b || contacts.nodeID(a) == contacts.nodeID(b)
                case (.endpoint(let a), .endpoint(let b)): a == b
                default: false
                }
            if isHit, pending.remove(request.transaction) != nil { failed(request, at: now, into: &actions) }
        }
    }

    mutating func answer(
        _ message: Message, with body: Message.Body, to contact: ContactHandle, into actions: inout [Action]
    ) {
        noteSent(to: .contact(contact))
        let answer = Message(transaction: message.transaction, body: body, isFromClient: isClient)
        actions.append(.send(answer, to: .contact(contact)))
    }
}
