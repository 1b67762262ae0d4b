import Identity
import Kademlia
import Presence
import Primitives
import SIPStack
import Sessions

/// Between enrolment, the sessions and the accounts.
extension OverlayNode {
    mutating func receivedEnrolment(
        _ bytes: [UInt8], from peer: Contact, at now: Instant, into actions: inout [Action]
    ) {
        var out: [Enrolment.Action] = []
        enrolment.received(bytes, from: peer.key, at: peer.endpoint, now: now, accounts: accounts, into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func drive(enrolmentFailure node: PublicSigningKey, at now: Instant, into actions: inout [Action]) {
        var out: [Enrolment.Action] = []
        enrolment.unreachable(node, into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func wakeEnrolment(at now: Instant, into actions: inout [Action]) {
        var out: [Enrolment.Action] = []
        enrolment.wake(at: now, into: &out)
        route(out, at: now, into: &actions)
    }

    mutating func route(_ out: [Enrolment.Action], at now: Instant, into actions: inout [Action]) {
        for action in out {
            switch action {
            case .send(let message, let node, let endpoint):
                nextSend += 1
                sends[nextSend] = .enrolment(node)
                drive(
                    .send(
                        message.encode(), channel: .enrolment, to: .peer(Contact(key: node, endpoint: endpoint)),
                        delivery: .reliable, token: nextSend), at: now, into: &actions)
            case .persist(let entry): actions.append(.persist(entry))
            case .forget(let room, let key): actions.append(.forget(room, key: key))
            case .granted(let membership, let account):
                var changes: [AccountUsage.Action] = []
                accounts.join(membership, into: &changes)
                if let account { accounts.adopt(account, at: now, into: &changes) }
                route(changes, at: now, into: &actions)
            case .finished(let id, let reply): actions.append(.reply(id, reply, isLast: true))
            case .observe(let observation): count(observation.name, observation.level, observation.text, &actions)
            }
        }
    }

    mutating func route(_ out: [AccountUsage.Action], at now: Instant, into actions: inout [Action]) {
        for action in out {
            switch action {
            case .persist(let entry): actions.append(.persist(entry))
            case .forget(let room, let key): actions.append(.forget(room, key: key))
            case .credentials(let addressOfRecord, let credentials):
                drive(.setAccount(addressOfRecord, credentials), at: now, into: &actions)
            case .removing(let account): forget(account, at: now, into: &actions)
            case .keep(let record): accountStores.append(record)
            case .watch(let resource, let kind): watch(kind, resource, at: now, into: &actions)
            case .observe(let observation): count(observation.name, observation.level, observation.text, &actions)
            }
        }
        storeAccounts(at: now, into: &actions)
    }

    /// A removed user is reachable nowhere and watches nobody from now on.
    private mutating func forget(_ account: Account, at now: Instant, into actions: inout [Action]) {
        for record in [
            registrations.release(account.addressOfRecord), presenceRecords.release(account.addressOfRecord),
        ] {
            guard let record else { continue }
            let tombstone = record.tombstone(signingWith: account.identity.signing)
            drive(.withdraw(newStore(), tombstone), at: now, into: &actions)
        }
        removeDocuments(of: account, at: now, into: &actions)
        drive(SIPServerEvent.removeBindings(account.addressOfRecord), at: now, into: &actions)
        drive(PresenceAgent.Event.remove(account.addressOfRecord), at: now, into: &actions)
    }

    /// Begins as many of the waiting stores as may be under way.
    mutating func storeAccounts(at now: Instant, into actions: inout [Action]) {
        // A store that ends at once, as on the first node of an overlay, comes back here: this loop goes on then.
        guard !isStoringAccounts else { return }
        isStoringAccounts = true
        defer { isStoringAccounts = false }
        while let record = accountStores.pop() {
            let token = newStore()
            accountStores.began(token)
            drive(.keep(token, record, StoreOptions()), at: now, into: &actions)
        }
    }
}
