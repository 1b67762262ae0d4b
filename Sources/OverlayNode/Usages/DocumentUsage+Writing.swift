import Identity
import Kademlia
import Primitives
import XCAP

/// Changing documents: one change of each at a time here, and a compare-and-swap against all other gateways.
extension DocumentUsage {
    /// Works out what a call makes of the document, and begins to store it.
    mutating func write(
        _ call: DocumentCall, _ selector: DocumentSelector, _ key: [UInt8], of owner: AddressOfRecord,
        accounts: AccountUsage, at now: Instant, random: inout RandomSource, into actions: inout [Action]
    ) {
        guard
            let write = swap(call, selector, of: owner, after: -1, accounts, at: now, random: &random, into: &actions)
        else { return }
        users[owner]!.writes[key] = write
        begin(write, of: owner, into: &actions)
    }

    private mutating func begin(_ write: DocumentWrite, of owner: AddressOfRecord, into actions: inout [Action]) {
        nextNumber += 1
        swaps[nextNumber] = (owner, write.record.key)
        actions.append(.swap(nextNumber, write.record, expected: write.expected))
    }

    /// The record that a call wants stored; nil when the call is answered without one.
    ///
    /// - Parameter sequence: what is known to be held, though this node may not have seen it: of a deleted document.
    private mutating func swap(
        _ call: DocumentCall, _ selector: DocumentSelector, of owner: AddressOfRecord, after sequence: Int64,
        _ accounts: AccountUsage, at now: Instant, random: inout RandomSource, into actions: inout [Action]
    ) -> DocumentWrite? {
        guard let server, let known = users[owner], let account = accounts.account(owner) else {
            answer(call.id, .unavailable, into: &actions)
            return nil
        }
        let held = known[selector]
        let isTaken = selector.auid == RLSServicesUsage().auid ? isTaken(owner, accounts) : { _ in false }
        let outcome = server.respond(to: call.request, present: stored(held), isTaken: isTaken)
        let content: DocumentContent?
        switch outcome.change {
        case nil:
            answer(call.id, XCAPAnswer(outcome.response), into: &actions)
            return nil
        case .delete: content = nil
        case .store(let document):
            content = DocumentContent(path: selector.description, bytes: document.bytes)
            guard held?.content != nil || known.documents.count < UserDocuments.maximumDocuments else {
                answer(call.id, Self.tooMany, into: &actions)
                return nil
            }
        }
        let expected = max(held?.record.sequence ?? -1, sequence)
        let record = Self.record(
            content, key: known.secrets.key(of: selector.description), known.secrets, by: account,
            replacing: held?.record,
            sequence: AccountUsage.sequence(after: expected, at: now), at: now, random: &random)
        return DocumentWrite(call: call, response: outcome.response, record: record, expected: expected)
    }

    private static let tooMany: XCAPAnswer = {
        let report = ConflictReport(
            .constraintFailure, phrase: "a user has at most \(UserDocuments.maximumDocuments) documents")
        return XCAPAnswer(
            status: 409, fields: [XCAPCall.Field("Content-Type", ConflictReport.contentType)],
            body: report.document.serialized)
    }()

    /// A swap has ended.
    package mutating func stored(
        _ number: UInt64, _ outcome: StoreOutcome, reachesOthers: Bool, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        guard let (owner, key) = swaps.removeValue(forKey: number), let write = users[owner]?.writes[key] else {
            return
        }
        switch SwapVerdict(outcome, of: write.record, expected: write.expected) {
        case .won where reachesOthers:
            win(write, of: owner, accounts: accounts, at: now, random: &random, into: &actions)
        case .lost(let held):
            users[owner]!.writes[key]!.contender = held
            // As many nodes as there may be: what the others hold is what counts.
            lookUp(.settling(owner, key: key), write.record.resource, quorum: 16, into: &actions)
        case .won, .unreached:
            fail(write, of: owner, accounts: accounts, at: now, random: &random, into: &actions)
        }
    }

    /// A swap was lost, and this is what the nodes hold: the change is worked out anew from it.
    mutating func settle(
        _ owner: AddressOfRecord, _ key: [UInt8], _ newest: Record?, reachesOthers: Bool, accounts: AccountUsage,
        at now: Instant, random: inout RandomSource, into actions: inout [Action]
    ) {
        guard let write = users[owner]?.writes[key] else { return }
        if let newest, newest.hasSameContent(as: write.record), write.contender <= newest.sequence {
            return win(write, of: owner, accounts: accounts, at: now, random: &random, into: &actions)
        }
        if let newest {
            if take(newest, of: owner, accounts: accounts, at: now, into: &actions) {
                actions.append(.release(newest.identity))
            }
        } else if let known = users[owner]!.held[key], known.record.sequence < write.contender {
            // What is left out of what is found has been deleted.
            changed(users[owner]!.drop(key), of: owner, accounts, into: &actions)
        }
        let held = users[owner]!.held[key]?.record.sequence
        guard reachesOthers, write.attempts < DocumentWrite.maximumAttempts,
            newest == nil || (held ?? -1) >= write.contender, case .stored(let selector) = write.call.source
        else { return fail(write, of: owner, accounts: accounts, at: now, random: &random, into: &actions) }
        guard
            var next = swap(
                write.call, selector, of: owner, after: write.contender, accounts, at: now, random: &random,
                into: &actions)
        else { return end(write, of: owner, accounts: accounts, at: now, random: &random, into: &actions) }
        next.attempts = write.attempts + 1
        next.waiting = write.waiting
        users[owner]!.writes[key] = next
        begin(next, of: owner, into: &actions)
    }

    private mutating func win(
        _ write: DocumentWrite, of owner: AddressOfRecord, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        take(write.record, of: owner, accounts: accounts, at: now, into: &actions)
        // Only now, as what is kept is stored again and again whatever others hold.
        actions.append(.keep(write.record))
        answer(write.call.id, XCAPAnswer(write.response), into: &actions)
        end(write, of: owner, accounts: accounts, at: now, random: &random, into: &actions)
    }

    private mutating func fail(
        _ write: DocumentWrite, of owner: AddressOfRecord, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        answer(write.call.id, .unavailable, into: &actions)
        end(write, of: owner, accounts: accounts, at: now, random: &random, into: &actions)
    }

    /// A call is answered: those behind it have their turn.
    private mutating func end(
        _ write: DocumentWrite, of owner: AddressOfRecord, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        let key = write.record.key
        let waiting = users[owner]?.writes.removeValue(forKey: key)?.waiting ?? []
        for call in waiting {
            carryOut(call, of: owner, accounts: accounts, at: now, random: &random, into: &actions)
        }
        rest(owner, at: now)
    }
}
