import Primitives
import SIPMessages

/// How subscriptions end (RFC 6665 §4.2.1.4, §4.4.1).
extension PresenceAgent {
    /// RFC 6665 §4.2.1.4: a subscription that was not refreshed is told so, in a last NOTIFY.
    mutating func expireSubscription(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard subscriptions[number]?.isLive == true else { return endWaiting(number, .giveup, at: now, &actions) }
        subscriptions[number]!.end(.timeout, reason: "timeout")
        end(number, .expired, at: now, &actions)
        needsNotify(number, at: now, &actions)
    }

    /// Takes a subscription from among the watchers; what is left is its last NOTIFY.
    mutating func end(
        _ number: UInt64, _ reason: PresenceObservation.StopReason?, at now: Instant, _ actions: inout [Action]
    ) {
        guard var subscription = subscriptions[number] else { return }
        deadlines.remove(.subscription(number))
        guard subscription.list == nil else { return endMembers(of: number, reason, at: now, &actions) }
        let resource = subscription.resource
        guard resources[resource]?.remove(number, from: \.watchers) == true else { return }
        if subscription.membership == nil {
            actions.append(.forget(.subscription, key: Array(subscription.dialog.localTag.utf8)))
        }
        if !subscription.isOverlay, resource.package.isElsewhere {
            endAsking(resource, for: subscription.identity, &actions)
            removeLocalWatcher(of: resource, &actions)
        }
        watchingNodesMayBeOthers(of: resource, &actions)
        if resource.package.state != nil {
            if let reason {
                actions.append(.observe(.stoppedWatching(watcher: subscription.watcher, resource, reason)))
            }
            // RFC 3857 §4.7.1: what ends without a decision of anybody's was deactivated.
            subscription.state.take(.deactivated)
            subscriptions[number]!.state = subscription.state
            if subscription.state.status == .waiting {
                startWaiting(subscription, at: now, &actions)
            } else {
                inform(about: subscription, at: now, &actions)
            }
        }
        dropIfEmpty(resource)
    }

    /// One of this node's own watchers went.
    mutating func removeLocalWatcher(of resource: EventResource, _ actions: inout [Action]) {
        resources[resource]!.localWatchers -= 1
        guard resources[resource]!.localWatchers == 0 else { return }
        actions.append(.unwatchRemote(resource))
        resources[resource]!.remotes = []
        resources[resource]!.shownDocument = nil
    }

    /// Forgets a subscription altogether.
    mutating func discard(_ number: UInt64, _ actions: inout [Action]) {
        guard let subscription = subscriptions.removeValue(forKey: number) else { return }
        release(subscription.source)
        if let list = subscription.list {
            for case .subscription(let backEnd) in list.backEnds { discard(backEnd, &actions) }
            releaseList(number, of: subscription.identity, &actions)
        }
        if subscription.documents != nil { actions.append(.unfollowDocuments(number)) }
        let name = DialogName(callID: subscription.dialog.callID, remoteTag: subscription.dialog.remoteTag)
        if dialogs[name] == number { dialogs[name] = nil }
        if let token = subscription.outstanding { outstanding[token] = nil }
        deadlines.remove(.subscription(number))
        deadlines.remove(.notify(number))
        stopPacing(number)
        conditions[number] = nil
    }

    /// A subscription of the source is gone.
    mutating func release(_ source: Subscription.Source) {
        let count = sourceCounts[source, default: 0]
        sourceCounts[source] = count > 1 ? count - 1 : nil
    }
}
