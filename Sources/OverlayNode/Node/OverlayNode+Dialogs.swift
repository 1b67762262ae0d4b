import Presence
import Primitives
import SIPStack

/// From the calls that pass this node's proxy to the dialogs of its users.
extension OverlayNode {
    mutating func passed(_ message: PassingMessage, at now: Instant, into actions: inout [Action]) {
        // A plain node serves no dialogs.
        guard configuration.isGateway else { return }
        let event: DialogTracker.Event =
            switch message {
            case .request(let request, let caller, let callee): .request(request, caller: caller, callee: callee)
            case .branchResponse(let response): .branchResponse(response)
            case .finalResponse(let response): .finalResponse(response)
            case .unanswered(let request): .unanswered(request)
            }
        track(event, at: now, into: &actions)
    }

    mutating func track(_ event: DialogTracker.Event, at now: Instant, into actions: inout [Action]) {
        var changes: [DialogTracker.Change] = []
        dialogs.handle(event, at: now, into: &changes)
        for change in changes {
            drive(.dialogs(change.user, change.information, isNews: change.isNews), at: now, into: &actions)
        }
    }
}
