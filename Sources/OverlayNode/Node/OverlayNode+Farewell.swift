import Kademlia
import Primitives

/// Saying good-bye: nobody should look for users at a node that is gone.
extension OverlayNode {
    mutating func beginFarewell(at now: Instant, into actions: inout [Action]) {
        guard farewell == nil else { return }
        guard startedAt != nil else {
            finishFarewell(at: now, into: &actions)
            return
        }
        farewell = Farewell(deadline: now + Farewell.withdrawalTime)
        var registrationActions: [RegistrationUsage.Action] = []
        registrations.withdrawAll(into: &registrationActions)
        route(registrationActions, at: now, into: &actions)
        var presenceActions: [PresenceUsage.Action] = []
        presenceRecords.withdrawAll(into: &presenceActions)
        route(presenceActions, at: now, into: &actions)
        if farewell?.awaited.isEmpty ?? false { continueFarewell(at: now, into: &actions) }
    }

    /// A store ended; when it was the last that the good-bye waited for, the node leaves.
    mutating func stored(
        _ token: StoreToken, _ outcome: StoreOutcome, at now: Instant, into actions: inout [Action]
    ) {
        for refusal in outcome.refusals where refusal.reason != .notCloseEnough && refusal.reason != .unwilling {
            count(
                "record-refused", .debug,
                "a record was refused by \(refusal.contact?.description ?? "this node"): \(refusal.reason)", &actions)
        }
        if let number = swaps.removeValue(forKey: token) { swapped(number, outcome, at: now, into: &actions) }
        if let number = deposits.removeValue(forKey: token) {
            storedInMailbox(number, outcome, at: now, into: &actions)
        }
        if accountStores.ended(token) { storeAccounts(at: now, into: &actions) }
        guard farewell?.awaited.remove(token) != nil, farewell?.awaited.isEmpty ?? false, farewell?.isLeaving == false
        else { return }
        continueFarewell(at: now, into: &actions)
    }

    mutating func continueFarewell(at now: Instant, into actions: inout [Action]) {
        guard let current = farewell else { return }
        guard !current.isLeaving else {
            finishFarewell(at: now, into: &actions)
            return
        }
        farewell = Farewell(isLeaving: true, deadline: now + Farewell.leavingTime)
        drive(.leave, at: now, into: &actions)
    }

    mutating func left(at now: Instant, into actions: inout [Action]) { finishFarewell(at: now, into: &actions) }

    private mutating func finishFarewell(at now: Instant, into actions: inout [Action]) {
        guard !hasStopped else { return }
        abandonDocuments(at: now, into: &actions)
        hasStopped = true
        farewell = nil
        actions.append(.stopped)
    }
}
