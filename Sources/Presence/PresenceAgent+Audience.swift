import Primitives
import SIPStack

/// Watching without a subscription: for whoever drives the agent, such as the operator of its node.
extension PresenceAgent {
    mutating func watchLocally(
        _ presentity: AddressOfRecord, as watcher: AddressOfRecord?, at now: Instant, _ actions: inout [Action]
    ) {
        guard presentities[presentity]?.hasAudience != true else { return }
        presentities[presentity, default: Presentity()].hasAudience = true
        presentities[presentity]!.localWatchers += 1
        let document = presentities[presentity]!.shownDocument ?? composed(of: presentity)
        presentities[presentity]!.shownDocument = document
        actions.append(.composed(presentity, document: document))
        // Last, since its answers may come while these actions are being carried out, and are newer.
        if presentities[presentity]!.localWatchers == 1 { actions.append(.watchRemote(presentity)) }
        guard let watcher else { return }
        presentities[presentity]!.audience = watcher
        beginAsking(presentity, for: .authenticated(watcher), &actions)
    }

    mutating func unwatchLocally(_ presentity: AddressOfRecord, _ actions: inout [Action]) {
        guard presentities[presentity]?.hasAudience == true else { return }
        presentities[presentity]!.hasAudience = false
        if let watcher = presentities[presentity]!.audience {
            presentities[presentity]!.audience = nil
            endAsking(presentity, for: .authenticated(watcher), &actions)
        }
        removeLocalWatcher(of: presentity, &actions)
        dropIfEmpty(presentity)
    }

    private func composed(of presentity: AddressOfRecord) -> [UInt8] {
        Composition.document(of: presentity, from: presentities[presentity]?.shownSources ?? [])
    }
}
