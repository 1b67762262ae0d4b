import Primitives
import SIPStack

/// Watching without a subscription: for whoever drives the agent, such as the operator of its node.
extension PresenceAgent {
    mutating func watchLocally(
        _ presentity: AddressOfRecord, as watcher: AddressOfRecord?, at now: Instant, _ actions: inout [Action]
    ) {
        let resource = EventResource(presentity)
        guard resources[resource]?.hasAudience != true else { return }
        open(resource, at: now)
        resources[resource]!.hasAudience = true
        resources[resource]!.localWatchers += 1
        actions.append(.composed(presentity, document: shownDocument(of: resource)))
        // Last, since its answers may come while these actions are being carried out, and are newer.
        if resources[resource]!.localWatchers == 1 { actions.append(.watchRemote(resource)) }
        guard let watcher else { return }
        resources[resource]!.audience = watcher
        beginAsking(resource, for: .authenticated(watcher), &actions)
    }

    mutating func unwatchLocally(_ presentity: AddressOfRecord, _ actions: inout [Action]) {
        let resource = EventResource(presentity)
        guard resources[resource]?.hasAudience == true else { return }
        resources[resource]!.hasAudience = false
        if let watcher = resources[resource]!.audience {
            resources[resource]!.audience = nil
            endAsking(resource, for: .authenticated(watcher), &actions)
        }
        removeLocalWatcher(of: resource, &actions)
        dropIfEmpty(resource)
    }
}
