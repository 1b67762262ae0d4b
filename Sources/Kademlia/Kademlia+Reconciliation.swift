import Primitives

// Parts of the network that were cut off from each other come together again.
extension Kademlia {
    /// How often a contact that was lost is tried again: a ping is cheap, and two parts find each other with the first
    /// that is answered.
    private static let reconcileInterval = Interval.seconds(60)
    /// By then all others have tried somebody as well and found their new neighbours: what is stored again earlier may
    /// come to lie beside its place.
    private static let timeToNotice = Interval.seconds(75)
    /// What this node wrote is stored again after a cut, but not more often.
    private static let rewritePause = Interval.minutes(30)
    /// Two that come back within so long are no accident.
    private static let closeReturns = Interval.seconds(15)

    mutating func noteEstranged(_ contact: ContactHandle, at now: Instant) {
        estranged.add(contact)
        guard periodic[.reconcile] == nil else { return }
        periodic.set(.reconcile, to: now + random.jittered(Self.reconcileInterval, by: 0.8...1.2))
    }

    /// Tries a contact that was lost.
    mutating func tryEstranged(at now: Instant, into actions: inout [Action]) {
        guard phase == .member, let contact = estranged.pick(random.next()) else { return }
        periodic.set(.reconcile, to: now + random.jittered(Self.reconcileInterval, by: 0.8...1.2))
        request(.ping, to: .contact(contact), for: .liveness, at: now, into: &actions)
    }

    /// A contact that was lost is back. One may have been away; if a second one is back as well the network may have
    /// been cut, and this node looks for its neighbours anew.
    mutating func cameBack(at now: Instant, into actions: inout [Action]) {
        guard phase == .member else { return }
        if lastReturn + Self.closeReturns >= now {
            let soon = now + random.jittered(.seconds(4), by: 0.2...1)
            if periodic[.ownPlace].map({ $0 > soon }) ?? true { periodic.set(.ownPlace, to: soon) }
            if lastRewrite + Self.rewritePause < now {
                lastRewrite = now
                republishSoon(after: Self.timeToNotice, within: .minutes(2), at: now)
            }
        } else if let next = estranged.pick(random.next()) {
            request(.ping, to: .contact(next), for: .liveness, at: now, into: &actions)
        }
        lastReturn = now
    }
}
