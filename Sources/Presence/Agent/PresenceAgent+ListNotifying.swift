import Primitives
import SIPMessages

/// What subscribers to lists are told, and when (RFC 4662 §4.5, §4.8, §5).
extension PresenceAgent {
    /// Has a list tell what is newest of a member.
    mutating func tellList(ofMember number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard let subscription = subscriptions[number], let membership = subscription.membership else { return }
        deadlines.remove(.notify(number))
        // Until the list has come to an end itself, nothing is left of a member's subscription that has, but why.
        if !subscription.isLive, subscriptions[membership.list]?.isLive == true {
            let reason = subscription.ending?.reason ?? "deactivated"
            subscriptions[membership.list]!.list?.backEnds[membership.position] = .ended(reason: reason)
            discard(number, &actions)
        }
        subscriptions[membership.list]?.list?.tell(membership.position)
        tellSoon(membership.list, at: now, &actions)
    }

    /// Notifies the subscriber to a list as soon as that may be.
    ///
    /// RFC 4662 §4.8 leaves the rate open. A change is told at once after a time of quiet; those that follow it go
    /// together when the pause is over, each member's newest.
    mutating func tellSoon(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        if let quietUntil = subscriptions[number]?.quietUntil, quietUntil > now, deadlines[.notify(number)] == nil {
            deadlines.set(.notify(number), to: quietUntil)
        }
        needsNotify(number, at: now, &actions)
    }

    /// The type and the body of the next NOTIFY for a list, which is told then.
    ///
    /// RFC 4662 §4.5: who was told of a list is told of it in every NOTIFY, the last included. The states of very many
    /// members do not fit into one message: then all are named, and what is known of the rest follows.
    mutating func listContent(
        for subscription: inout Subscription, at now: Instant
    ) -> (type: String, body: [UInt8]) {
        guard var list = subscription.list else { return ("", []) }
        // RFC 4662 §5.2: versions begin with 0 and grow by one with each NOTIFY, as CSeq numbers do from 1; those of
        // lists are kept one by one, so that there is no gap after a restart either.
        let rlmi = RLMI(uri: list.uri, version: subscription.dialog.localSequence, isFull: list.isFull)
        var notification = ListNotification(
            rlmi, prefix: random.token(), domain: subscription.presentity.host, dialect: list.dialect)
        var left: Set<Int> = []
        for position in list.positions {
            let member = list.members[position]
            switch list.backEnds[position] {
            case .ended(let reason): notification.append(member, .terminated(reason: reason))
            case .subscription(let number):
                guard notification.size < configuration.maximumListStates, var backEnd = subscriptions[number] else {
                    if list.isFull { notification.append(member) }
                    left.insert(position)
                    continue
                }
                let document = body(for: &backEnd, at: now)
                backEnd.dialog.localSequence += 1
                subscriptions[number] = backEnd
                notification.append(
                    member, Self.listState(of: backEnd), document: document, type: backEnd.package.documentType.essence)
            }
        }
        list.wasTold(except: left)
        subscription.list = list
        subscription.quietUntil = now + configuration.listPause
        return notification.encoded(&random)
    }

    /// RFC 4662 §5.5: how things stand with a member. When the list's subscription ends with the state, the member's was
    /// active until then.
    private static func listState(of subscription: Subscription) -> RLMIState {
        if let ending = subscription.ending, !ending.withState { return .terminated(reason: ending.reason) }
        return subscription.ending == nil && subscription.state.status == .pending ? .pending : .active
    }

    /// What did not fit into a NOTIFY for a list follows after the pause.
    mutating func tellRest(of number: UInt64) {
        guard let subscription = subscriptions[number], subscription.isLive, let list = subscription.list,
            !list.untold.isEmpty
        else { return }
        subscriptions[number]!.needsNotify = true
        deadlines.set(.notify(number), to: subscription.quietUntil)
    }
}
