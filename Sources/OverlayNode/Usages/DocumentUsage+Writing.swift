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
        goOn(withWriteAt: key, of: owner, into: &actions)
    }

    /// Stores the next parts of a document or, when all are stored, the record that makes them the document. So whoever
    /// reads that record finds the parts.
    private mutating func goOn(withWriteAt key: [UInt8], of owner: AddressOfRecord, into actions: inout [Action]) {
        guard var write = users[owner]?.writes[key] else { return }
        while write.partsBegun < write.parts.count, write.partsUnderWay < DocumentWrite.maximumPartsUnderWay {
            begin(write.parts[write.partsBegun], Swap(user: owner, key: key, isPart: true), expected: -1, &actions)
            write.partsBegun += 1
            write.partsUnderWay += 1
        }
        users[owner]!.writes[key] = write
        guard write.partsUnderWay == 0 else { return }
        begin(write.record, Swap(user: owner, key: key, isPart: false), expected: write.expected, &actions)
    }

    private mutating func begin(_ record: Record, _ swap: Swap, expected: Int64, _ actions: inout [Action]) {
        nextNumber += 1
        swaps[nextNumber] = swap
        actions.append(.swap(nextNumber, record, expected: expected))
    }

    /// Storing a part has ended.
    private mutating func storedPart(
        _ key: [UInt8], of owner: AddressOfRecord, isStored: Bool, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        guard var write = users[owner]?.writes[key] else { return }
        write.partsUnderWay -= 1
        // Those that were not begun are not stored at all then.
        if !isStored {
            write.hasFailed = true
            write.partsBegun = write.parts.count
        }
        users[owner]!.writes[key] = write
        guard write.hasFailed else { return goOn(withWriteAt: key, of: owner, into: &actions) }
        guard write.partsUnderWay == 0 else { return }
        fail(write, of: owner, accounts: accounts, at: now, random: &random, into: &actions)
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
        guard held?.isIncomplete != true || call.replacesWhole else {
            answer(call.id, .unavailable, into: &actions)
            return nil
        }
        let key = known.secrets.key(of: selector.description)
        let content: DocumentContent?
        switch outcome.change {
        case nil:
            answer(call.id, XCAPAnswer(outcome.response), into: &actions)
            return nil
        case .delete: content = nil
        case .store(let document):
            content = DocumentContent(path: selector.description, bytes: document.bytes)
            if let refusal = Self.refusal(of: document.bytes.count, at: key, among: known) {
                answer(call.id, refusal, into: &actions)
                return nil
            }
        }
        var value: DocumentValue?
        var parts: [Record] = []
        // Also when the same was tried before: whoever met the former try may have replaced it, and erased its parts.
        if let content {
            (value, parts) = Self.divided(content, known.secrets, by: account, at: now, random: &random)
        }
        let expected = max(held?.record.sequence ?? -1, sequence)
        let record = Self.record(
            value, key: key, known.secrets, by: account, replacing: held?.record,
            sequence: AccountUsage.sequence(after: expected, at: now), at: now, random: &random)
        var call = call
        call.attempts += 1
        return DocumentWrite(
            call: call, response: outcome.response, record: record, content: content, parts: parts,
            replacedParts: held?.parts, expected: expected)
    }

    /// The answer to a change for which there is no room; nil when there is.
    private static func refusal(of size: Int, at key: [UInt8], among known: UserDocuments) -> XCAPAnswer? {
        if known.held[key]?.selector == nil, known.count >= UserDocuments.maximumDocuments {
            return conflict("a user has at most \(UserDocuments.maximumDocuments) documents")
        }
        guard size > DocumentContent.largestInRecord,
            known.bytesInParts(exceptAt: key) + size > DocumentParts.maximumBytes
        else { return nil }
        return conflict(
            "documents larger than \(DocumentContent.largestInRecord) bytes have at most \(DocumentParts.maximumBytes) "
                + "bytes together")
    }

    private static func conflict(_ phrase: String) -> XCAPAnswer {
        XCAPAnswer(
            status: 409, fields: [XCAPCall.Field("Content-Type", ConflictReport.contentType)],
            body: ConflictReport(.constraintFailure, phrase: phrase).document.serialized)
    }

    /// A swap has ended.
    package mutating func stored(
        _ number: UInt64, _ outcome: StoreOutcome, reachesOthers: Bool, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        guard let swap = swaps.removeValue(forKey: number), let write = users[swap.user]?.writes[swap.key] else {
            return
        }
        let (owner, key) = (swap.user, swap.key)
        if swap.isPart {
            return storedPart(
                key, of: owner, isStored: outcome.replicas > 0 && reachesOthers, accounts: accounts, at: now,
                random: &random, into: &actions)
        }
        switch SwapVerdict(outcome, of: write.record, expected: write.expected) {
        case .won where reachesOthers:
            win(write, of: owner, accounts: accounts, at: now, random: &random, into: &actions)
        case .lost(let held):
            users[owner]!.writes[key]!.contender = held
            // As many nodes as there may be: what the others hold is what counts.
            lookUp(.settling(owner, key: key), .document, write.record.resource, quorum: Self.everybody, into: &actions)
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
            learn(newest, of: owner, accounts: accounts, at: now, into: &actions)
        } else if let known = users[owner]!.held[key], known.record.sequence < write.contender {
            // What is left out of what is found has been deleted.
            changed(users[owner]!.drop(key), of: owner, accounts, into: &actions)
        }
        let held = users[owner]!.held[key]?.record.sequence
        guard reachesOthers, write.call.attempts < DocumentWrite.maximumAttempts,
            newest == nil || (held ?? -1) >= write.contender, case .stored(let selector) = write.call.source
        else { return fail(write, of: owner, accounts: accounts, at: now, random: &random, into: &actions) }
        if let known = users[owner], needsParts(write.call, of: known) {
            // What the change is worked out from has to be fetched first. Whoever came after goes on coming after.
            users[owner]!.writes[key] = nil
            for call in [write.call] + write.waiting { awaitParts(call, of: owner, into: &actions) }
            return
        }
        guard
            var next = swap(
                write.call, selector, of: owner, after: write.contender, accounts, at: now,
                random: &random, into: &actions)
        else { return end(write, of: owner, accounts: accounts, at: now, random: &random, into: &actions) }
        next.waiting = write.waiting
        users[owner]!.writes[key] = next
        goOn(withWriteAt: key, of: owner, into: &actions)
    }

    private mutating func win(
        _ write: DocumentWrite, of owner: AddressOfRecord, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        take(write.record, of: owner, accounts: accounts, at: now, into: &actions)
        // Only now, as what is kept is stored again and again whatever others hold.
        actions.append(.keep(write.record))
        if let account = accounts.account(owner) {
            for part in write.parts { actions.append(.keep(Self.renewed(part, by: account, at: now))) }
            erase(write.replacedParts, account, at: now, into: &actions)
        }
        account(forAssembledOf: owner)
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
