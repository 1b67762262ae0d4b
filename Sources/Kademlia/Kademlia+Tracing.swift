import Identity
import Primitives

// The steps of a lookup, kept for whoever wants to see them (``LookupOptions/isTraced``).
extension Kademlia {
    /// Steps of one lookup that are kept: more than it has candidates.
    private static let mostSteps = 256

    /// A lookup is about to ask a contact.
    mutating func traceQuestion(
        _ id: OperationID, to contact: ContactHandle, isFurtherPage: Bool = false, at now: Instant
    ) {
        guard let operation = operations[id], let steps = operation.steps, steps.count < Self.mostSteps else { return }
        let bits = contacts.bits(contact)
        operation.steps!.append(
            LookupStep(
                contact: contacts[contact], after: now - operation.startedAt,
                sharedBits: (bits ^ operation.lookup.target).leadingZeroBitCount, bucket: table.bucketIndex(of: bits),
                hop: operation.lookup.hop(of: contact) ?? 0, isFurtherPage: isFurtherPage))
    }

    /// What this node stores itself is the first step.
    func firstStep(of lookup: Lookup, records: Int) -> LookupStep {
        var step = LookupStep(
            contact: nil, after: .zero, sharedBits: (nodeID.bits ^ lookup.target).leadingZeroBitCount, bucket: nil,
            hop: 0, isFurtherPage: false)
        step.ending = .answered
        step.roundTrip = .zero
        step.records = records
        return step
    }

    mutating func traceSlowness(_ id: OperationID, of contact: ContactHandle) {
        guard let index = openStep(of: id, contact) else { return }
        operations[id]?.steps?[index].isSlow = true
    }

    /// The question that a contact was asked last has come to an end.
    ///
    /// - Parameter records: the valid ones of a page; nil when the page was no good.
    mutating func traceAnswer(
        _ id: OperationID, of contact: ContactHandle, page: Message.FetchAnswer?, records: [Record]?, closer: Int,
        at now: Instant
    ) {
        guard let index = openStep(of: id, contact) else { return }
        end(id, index, page != nil && records == nil ? .refused : .answered, at: now)
        operations[id]?.steps?[index].records = records?.count ?? 0
        operations[id]?.steps?[index].areCopies = page?.isCached ?? false
        operations[id]?.steps?[index].closer = closer
    }

    mutating func traceFailure(_ id: OperationID, of contact: ContactHandle, at now: Instant) {
        guard let index = openStep(of: id, contact) else { return }
        end(id, index, .failed, at: now)
    }

    private mutating func end(_ id: OperationID, _ index: Int, _ ending: LookupStep.Ending, at now: Instant) {
        guard let operation = operations[id], let step = operation.steps?[index] else { return }
        operation.steps![index].ending = ending
        operation.steps![index].roundTrip = now - (operation.startedAt + step.after)
    }

    private func openStep(of id: OperationID, _ contact: ContactHandle) -> Int? {
        guard let steps = operations[id]?.steps else { return nil }
        let key = contacts[contact].key
        return steps.lastIndex { $0.contact?.key == key && $0.ending == .open }
    }
}
