import Presence
import Primitives
import SIPStack

/// From the calls that pass this node's proxy to the dialogs of its users.
extension OverlayNode {
    mutating func passed(_ message: PassingMessage, at now: Instant, into actions: inout [Action]) {
        let event: DialogTracker.Event =
            switch message {
            case .request(let request, let caller, let callee): .request(request, caller: caller, callee: callee)
            case .branchResponse(let response): .branchResponse(response)
            case .finalResponse(let response): .finalResponse(response)
            case .unanswered(let request): .unanswered(request)
            }
        track(event, at: now, into: &actions)
    }

    /// - Parameter isTold: whether those who watch hear of what changes; while calls are restored nobody does.
    mutating func track(
        _ event: DialogTracker.Event, isTold: Bool = true, at now: Instant, into actions: inout [Action]
    ) {
        var out: [DialogTracker.Action] = []
        dialogs.handle(event, at: now, into: &out)
        for action in out {
            switch action {
            case .changed(let change):
                guard isTold else { continue }
                drive(.dialogs(change.user, change.information, isNews: change.isNews), at: now, into: &actions)
            case .persist(let key, let value):
                actions.append(.persist(JournalEntry(room: .call, key: key, value: value)))
            case .forget(let key): actions.append(.forget(.call, key: key))
            }
        }
    }
}
