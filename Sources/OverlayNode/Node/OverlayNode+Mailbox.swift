import Kademlia
import Presence
import Primitives
import SIPMessages
import SIPStack

/// Messages to users who are away.
extension OverlayNode {
    mutating func absent(_ message: AbsentMessage, at now: Instant, into actions: inout [Action]) {
        var out: [MailboxUsage.Action] = []
        mailboxes.absent(
            message, domain: domainKey(of: message.recipient), accounts: accounts, at: now, random: &random,
            into: &out)
        route(out, at: now, into: &actions)
    }

    /// A user may have come back.
    mutating func lookIntoMailbox(
        of user: AddressOfRecord, _ bindings: [Binding], at now: Instant, into actions: inout [Action]
    ) {
        guard !bindings.isEmpty else {
            mailboxes.unregistered(user)
            return
        }
        var out: [MailboxUsage.Action] = []
        mailboxes.registered(user, account: accounts.account(user), at: now, into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func mailboxRulesChanged(of user: AddressOfRecord, at now: Instant, into actions: inout [Action]) {
        var out: [MailboxUsage.Action] = []
        mailboxes.rulesChanged(of: user, account: accounts.account(user), at: now, into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func foundForMailbox(
        _ number: UInt64, _ records: [Record], at now: Instant, into actions: inout [Action]
    ) {
        var out: [MailboxUsage.Action] = []
        mailboxes.found(
            number, records, accounts: accounts, presence: presence, at: now, random: &random, into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func storedInMailbox(
        _ number: UInt64, _ outcome: StoreOutcome, at now: Instant, into actions: inout [Action]
    ) {
        var out: [MailboxUsage.Action] = []
        mailboxes.stored(number, outcome, random: &random, into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func mailDelivered(_ number: UInt64, status: Int, at now: Instant, into actions: inout [Action]) {
        var out: [MailboxUsage.Action] = []
        mailboxes.answered(number, status: status, accounts: accounts, random: &random, into: &out)
        route(out, at: now, into: &actions)
    }

    private mutating func route(_ out: [MailboxUsage.Action], at now: Instant, into actions: inout [Action]) {
        for action in out {
            switch action {
            case .lookUp(let number, let kind, let resource):
                drive(
                    .lookUp(newLookup(.mailbox(number)), kind, resource, LookupOptions()), at: now, into: &actions)
            case .store(let number, let record):
                let token = newStore()
                if let number { deposits[token] = number }
                drive(.store(token, record, StoreOptions()), at: now, into: &actions)
            case .respond(let id, let response): drive(.respond(id, response), at: now, into: &actions)
            case .send(let number, let request):
                let token = RequestToken(RequestOwner.mailbox(number).number)
                drive(.sendRequest(token, request, to: nil), at: now, into: &actions)
            case .consult(let user):
                var more: [DocumentUsage.Action] = []
                documents.refresh(user, accounts: accounts, at: now, into: &more)
                route(more, at: now, into: &actions)
            case .observe(let observation): count(observation.name, observation.level, observation.text, &actions)
            }
        }
    }
}
