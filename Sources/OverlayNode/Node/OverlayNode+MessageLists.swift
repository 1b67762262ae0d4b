import Presence
import Primitives
import SIPStack

/// Between the service for messages to lists, the rules of recipients, and the SIP server.
extension OverlayNode {
    mutating func drive(_ event: MessageListService.Event, at now: Instant, into actions: inout [Action]) {
        var out: [MessageListService.Action] = []
        messageLists.handle(event, at: now, into: &out)
        for action in out { route(action, at: now, into: &actions) }
    }

    private mutating func route(_ action: MessageListService.Action, at now: Instant, into actions: inout [Action]) {
        switch action {
        case .respond(let id, let response): drive(.respond(id, response), at: now, into: &actions)
        case .ask(let recipient, let sender):
            // Nobody whose account is not here has rules here, or can have agreed.
            guard accounts.account(recipient) != nil else {
                return drive(.handling(of: recipient, for: sender, .block), at: now, into: &actions)
            }
            if let handling = presence.handling(of: sender, by: recipient, at: now) {
                return drive(.handling(of: recipient, for: sender, handling), at: now, into: &actions)
            }
            // Once they are loaded, the service hears of it.
            refreshRules(of: recipient, at: now, into: &actions)
        case .sendRequest(let token, let request):
            let own = RequestToken(RequestOwner.messageLists(token.number).number)
            drive(.sendRequest(own, request, to: nil), at: now, into: &actions)
        case .accepted(let sender, let copies):
            let text = "\(sender) wrote to a list: \(copies) \(copies == 1 ? "copy" : "copies")"
            count("message-to-list", .event, text, &actions)
        }
    }
}
