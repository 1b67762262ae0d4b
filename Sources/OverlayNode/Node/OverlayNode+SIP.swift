import Identity
import Kademlia
import Presence
import Primitives
import SIPMessages
import SIPStack
import Sessions

/// Between the SIP server, the overlay and those who serve event packages.
extension OverlayNode {
    mutating func drive(_ event: SIPServerEvent, at now: Instant, into actions: inout [Action]) {
        var out: [SIPServerAction] = []
        server.handle(event, at: now, into: &out)
        for action in out { route(action, at: now, into: &actions) }
    }

    private mutating func route(_ action: SIPServerAction, at now: Instant, into actions: inout [Action]) {
        switch action {
        case .transport(.transmit(let bytes, let flow)):
            if case .node(let node) = flow.remote {
                sendSIP(bytes, to: node, on: flow, at: now, into: &actions)
            } else {
                actions.append(.sip(.transmit(bytes, on: flow)))
            }
        case .transport(let action): actions.append(.sip(action))
        case .lookUp(let token, let addressOfRecord):
            var out: [RegistrationUsage.Action] = []
            registrations.lookUp(
                token, addressOfRecord, domain: domainKey(of: addressOfRecord), into: &out)
            route(out, at: now, into: &actions)
        case .request(let id, let request, let flow, let authenticated):
            // RFC 6665 §3.1.2: a NOTIFY belongs to a subscription that this node holds, the rest to its own users.
            if request.method == .notify {
                drive(BackEndSubscriptions.Event.request(id, request), at: now, into: &actions)
            } else if request.method == .message {
                drive(MessageListService.Event.request(id, request, sender: authenticated), at: now, into: &actions)
            } else if !isProved(request, on: flow, at: now) {
                let text = "a node asked in the name of a user without that user's word: \(flow.remote)"
                count("watcher-unproved", .warning, text, &actions)
                drive(.respond(id, request.response(403, toTag: random.token())), at: now, into: &actions)
            } else {
                refreshRules(forRequest: request, at: now, into: &actions)
                admit(HeldSubscribe(id, request, on: flow, from: authenticated), at: now, into: &actions)
            }
        case .response(let token, let response):
            switch RequestOwner(token.number) {
            case .presenceAgent(let own):
                drive(PresenceAgent.Event.response(RequestToken(own), response), at: now, into: &actions)
            case .subscriber(let own):
                drive(BackEndSubscriptions.Event.response(RequestToken(own), response), at: now, into: &actions)
            case .mailbox(let own):
                mailDelivered(own, status: response.statusCode ?? 500, at: now, into: &actions)
            case .messageLists: break
            }
        case .requestFailed(let token, let status):
            switch RequestOwner(token.number) {
            case .presenceAgent(let own):
                drive(PresenceAgent.Event.requestFailed(RequestToken(own), status: status), at: now, into: &actions)
            case .subscriber(let own):
                drive(
                    BackEndSubscriptions.Event.requestFailed(RequestToken(own), status: status), at: now, into: &actions
                )
            case .mailbox(let own): mailDelivered(own, status: status, at: now, into: &actions)
            case .messageLists: break
            }
        case .bindingsChanged(let addressOfRecord, let bindings):
            bindingsChanged(addressOfRecord, bindings, at: now, into: &actions)
        case .absent(let id, let request, let recipient, let sender, let status):
            let message = AbsentMessage(
                id: id, request: request, recipient: recipient, sender: sender, status: status)
            absent(message, at: now, into: &actions)
        case .passed(let message): passed(message, at: now, into: &actions)
        case .persistBinding(let key, let value):
            actions.append(.persist(JournalEntry(room: .binding, key: key, value: value)))
        case .forgetBinding(let key): actions.append(.forget(.binding, key: key))
        case .observe(let observation): observe(observation, into: &actions)
        }
    }

    mutating func bindingsChanged(
        _ addressOfRecord: AddressOfRecord, _ bindings: [Binding], at now: Instant, into actions: inout [Action]
    ) {
        guard startedAt != nil else {
            restoredBindings[addressOfRecord] = bindings
            // Before what else the journal holds of presence, which means something else where there are phones.
            drive(.bindings(addressOfRecord, bindings), at: now, into: &actions)
            return
        }
        var out: [RegistrationUsage.Action] = []
        registrations.bindingsChanged(
            addressOfRecord, bindings, account: accounts.account(addressOfRecord), at: now, into: &out)
        route(out, at: now, into: &actions)
        drive(.bindings(addressOfRecord, bindings), at: now, into: &actions)
        lookIntoMailbox(of: addressOfRecord, bindings, at: now, into: &actions)
    }

    mutating func route(_ out: [RegistrationUsage.Action], at now: Instant, into actions: inout [Action]) {
        for action in out {
            switch action {
            case .keep(let record): keep(record, at: now, into: &actions)
            case .withdraw(let record): withdraw(record, at: now, into: &actions)
            case .lookUp(let number, let resource):
                drive(
                    .lookUp(newLookup(.registration(number)), .registration, resource, LookupOptions()), at: now,
                    into: &actions)
            case .resolved(let token, let targets): drive(.resolved(token, targets), at: now, into: &actions)
            case .learnt(let key, let endpoint): directory.learn(Contact(key: key, endpoint: endpoint))
            }
        }
    }
}
