import Identity
import Primitives

// Sending requests and seeing them answered or not.
extension Kademlia {
    mutating func request(
        _ body: Message.Body, to destination: MessageDestination, for purpose: PendingRequest.Purpose,
        attempt: Int = 1, at now: Instant, into actions: inout [Action]
    ) {
        let transaction = random.next()
        let request = PendingRequest(
            destination: destination, body: body, purpose: purpose, sentAt: now, attempt: attempt)
        pending[transaction] = request
        let (slow, hard) = timeouts(of: request)
        if case .search = purpose { timers.set(.slow(transaction), to: now + slow) }
        timers.set(.lost(transaction), to: now + hard)
        actions.append(.send(Message(transaction: transaction, body: body), to: destination))
    }

    /// A contact that was measured is judged by its own round trips. Another one first needs a session, which takes
    /// a round trip more, and is judged by what is usual here.
    private func timeouts(of request: PendingRequest) -> (slow: Interval, hard: Interval) {
        var slow = generalRoundTrip.shortTimeout * 2
        var hard = max(generalRoundTrip.hardTimeout * 2, .seconds(1))
        if let contact = request.contact, let known = table.entry(of: contact.nodeID)?.roundTrip, known.hasSamples {
            slow = known.shortTimeout
            hard = known.hardTimeout
        }
        switch request.body {
        case .store, .changed: hard = hard + .seconds(1)  // It may be sent in fragments.
        default: break
        }
        return (slow, hard * Double(request.attempt))
    }

    mutating func receive(
        _ message: Message, from contact: Contact, at now: Instant, into actions: inout [Action]
    ) {
        guard contact.nodeID != nodeID else { return }
        guard message.isAnswer else {
            if case .leaving = message.body {
                loseContact(contact.nodeID, isCertain: true, at: now, into: &actions)
                failRequests(to: .contact(contact), at: now, into: &actions)
            } else {
                heard(from: contact, roundTrip: nil, at: now, into: &actions)
                serve(message, from: contact, at: now, into: &actions)
            }
            return
        }
        guard let request = pending[message.transaction] else {
            heard(from: contact, roundTrip: nil, at: now, into: &actions)
            return
        }
        if let asked = request.contact, asked.nodeID != contact.nodeID { return }
        forgetRequest(message.transaction)
        // The first exchange with a stranger includes the handshake and says nothing about the next.
        let isKnown = request.contact.map { table.entry(of: $0.nodeID) != nil } ?? false
        let roundTrip = isKnown && request.attempt == 1 ? now - request.sentAt : nil
        if let roundTrip { generalRoundTrip.add(roundTrip) }
        heard(from: contact, roundTrip: roundTrip, at: now, into: &actions)
        answered(request, by: contact, with: message.body, at: now, into: &actions)
    }

    private mutating func answered(
        _ request: PendingRequest, by contact: Contact, with body: Message.Body, at now: Instant,
        into actions: inout [Action]
    ) {
        guard keepsOrder(body, askedBy: request.body) else { return failed(request, at: now, into: &actions) }
        switch (request.purpose, body) {
        case (.liveness, .pong(let observed)): actions.append(.observe(.reflected(observed, by: contact)))
        case (.bootstrap, .nodes(let contacts)):
            bootstrapAnswered(by: contact, with: contacts, at: now, into: &actions)
        case (.search(let id), .nodes(let contacts)):
            searchAnswered(id, by: contact, page: nil, closer: contacts, at: now, into: &actions)
        case (.search(let id), .fetched(let answer)):
            searchAnswered(id, by: contact, page: answer, closer: answer.closer, at: now, into: &actions)
        case (.page(let id), .fetched(let answer)): pageAnswered(id, by: contact, answer, at: now, into: &actions)
        case (.replica(let id), .stored(let refusal, let held)):
            replicaAnswered(id, by: contact, refusal, held, at: now, into: &actions)
        case (.handOver, .stored): handOverEnded(at: now, into: &actions)
        case (.repair, .stored): break
        case (.lease(let resource), .watching(let answer)):
            leaseAnswered(resource, by: contact, answer, at: now, into: &actions)
        case (.watchedPage(let resource), .fetched(let answer)):
            watchedPageArrived(resource, from: contact, answer, at: now, into: &actions)
        case (.change(let resource, let watcher), .changeSeen(let isWatched)):
            changeWasSeen(resource, by: watcher, isWatched: isWatched, at: now, into: &actions)
        default:
            // An answer of another kind than the question is as good as none.
            failed(request, at: now, into: &actions)
        }
    }

    /// Whether the keys of a page ascend from the one that was named: paging ends that way.
    private func keepsOrder(_ answer: Message.Body, askedBy question: Message.Body) -> Bool {
        guard case .fetched(let page) = answer, case .fetch(_, _, let after) = question else { return true }
        var last = after
        for record in page.records {
            if let last, !last.lexicographicallyPrecedes(record.key) { return false }
            last = record.key
        }
        return true
    }

    mutating func requestIsSlow(_ transaction: UInt64, at now: Instant, into actions: inout [Action]) {
        guard let request = pending[transaction], case .search(let id) = request.purpose, let contact = request.contact
        else { return }
        operations[id]?.lookup.slow(contact.nodeID)
        advance(id, at: now, into: &actions)
    }

    mutating func requestIsLost(_ transaction: UInt64, at now: Instant, into actions: inout [Action]) {
        guard let request = pending[transaction] else { return }
        forgetRequest(transaction)
        if let contact = request.contact {
            loseContact(contact.nodeID, isCertain: false, at: now, into: &actions)
        }
        if request.attempt < request.mostAttempts, isStillWanted(request) {
            self.request(
                request.body, to: request.destination, for: request.purpose, attempt: request.attempt + 1, at: now,
                into: &actions)
        } else {
            failed(request, at: now, into: &actions)
        }
    }

    private func isStillWanted(_ request: PendingRequest) -> Bool {
        switch request.purpose {
        case .page(let id), .replica(let id), .search(let id): operations[id] != nil
        case .lease(let resource), .watchedPage(let resource): watches[resource] != nil
        default: true
        }
    }

    /// A request will not be answered: whoever waits for it goes on without.
    private mutating func failed(_ request: PendingRequest, at now: Instant, into actions: inout [Action]) {
        switch request.purpose {
        case .liveness, .repair, .bootstrap: break
        case .search(let id):
            if let contact = request.contact { searchFailed(id, at: contact, at: now, into: &actions) }
        case .page(let id): pageFailed(id, at: now, into: &actions)
        case .replica(let id): replicaFailed(id, at: now, into: &actions)
        case .handOver: handOverEnded(at: now, into: &actions)
        case .lease(let resource), .watchedPage(let resource):
            if let contact = request.contact { leaseFailed(resource, at: contact.nodeID, at: now, into: &actions) }
        case .change(let resource, let watcher): leases.end(resource, of: watcher)
        }
    }

    mutating func unreachable(_ destination: MessageDestination, at now: Instant, into actions: inout [Action]) {
        if case .contact(let contact) = destination {
            loseContact(contact.nodeID, isCertain: true, at: now, into: &actions)
        }
        failRequests(to: destination, at: now, into: &actions)
    }

    private mutating func failRequests(
        to destination: MessageDestination, at now: Instant, into actions: inout [Action]
    ) {
        let hit = pending.filter { _, request in
            switch (request.destination, destination) {
            case (.contact(let a), .contact(let b)): a.nodeID == b.nodeID
            case (.endpoint(let a), .endpoint(let b)): a == b
            default: false
            }
        }
        for transaction in hit.keys.sorted() {
            forgetRequest(transaction)
            failed(hit[transaction]!, at: now, into: &actions)
        }
    }

    private mutating func forgetRequest(_ transaction: UInt64) {
        pending[transaction] = nil
        timers.remove(.slow(transaction))
        timers.remove(.lost(transaction))
    }

    func answer(
        _ message: Message, with body: Message.Body, to contact: Contact, into actions: inout [Action]
    ) {
        actions.append(.send(Message(transaction: message.transaction, body: body), to: .contact(contact)))
    }
}
