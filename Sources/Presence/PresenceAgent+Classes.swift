import Primitives
import SIPStack

/// What watchers see whose nodes do not know the rules: each is told what the rules grant and nothing more, and where many
/// read the same record, there is one variant of the document in it for each class of them.
extension PresenceAgent {
    /// How many variants of a document are made. The watchers of further classes are told by NOTIFY alone.
    package static let maximumClasses = 8

    /// The variants of what is published here of a presentity, for those who watch it elsewhere.
    package func variants(of presentity: AddressOfRecord) -> [(watchers: WatcherClass, document: [UInt8])] {
        guard let known = presentities[presentity], let document = known.localDocument, !known.sealedClasses.isEmpty
        else { return [] }
        let basis = basis(of: presentity)
        return known.sealedClasses.map { permissions in
            let variant =
                permissions == .everything
                ? document : permissions.filtered(document) ?? Composition.offlineDocument(of: presentity)
            return (WatcherClass(basis: basis, permissions: permissions.canonical), variant)
        }
    }

    /// For whom a NOTIFY is that has not been answered.
    package func audience(notifiedBy token: RequestToken) -> NotifiedAudience? {
        guard let subscription = outstanding[token].flatMap({ subscriptions[$0] }), subscription.isOverlay else {
            return nil
        }
        let presentity = subscription.presentity
        guard subscription.isElsewhere, case .authenticated(let watcher) = subscription.identity else {
            return .node(presentity)
        }
        let isAllowed = subscription.decision?.handling == .allow
        let permissions = isAllowed ? subscription.decision?.permissions.canonical : nil
        return .watcher(watcher, of: presentity, WatcherClass(basis: basis(of: presentity), permissions: permissions))
    }

    /// Everything but the time that decisions about a presentity's watchers depend on, and of the time the period between
    /// two changes of the rules that it falls into.
    private func basis(of presentity: AddressOfRecord) -> [UInt8] {
        var writer = ByteWriter()
        writer.uint8(1)
        let defaults = [
            configuration.strangers, configuration.colleagues ?? configuration.strangers, configuration.unmatched,
        ]
        for handling in defaults { writer.uint8(UInt8(handling.rawValue)) }
        guard let known = presentities[presentity] else { return writer.bytes }
        writer.instant(known.rulesPeriod)
        writer.bytes32(known.authorization?.encoded ?? [])
        for sphere in known.sphere.sorted() { writer.bytes32(sphere.utf8) }
        return writer.bytes
    }

    /// The classes of those who watch elsewhere and are let in.
    func classes(of presentity: AddressOfRecord) -> [PresencePermissions] {
        var found: [PresencePermissions: [UInt8]] = [:]
        for number in presentities[presentity]?.watchers ?? [] {
            guard let subscription = subscriptions[number], subscription.isElsewhere,
                let decision = subscription.decision, decision.handling == .allow, found[decision.permissions] == nil
            else { continue }
            found[decision.permissions] = decision.permissions.canonical
        }
        let order = found.sorted { $0.value.lexicographicallyPrecedes($1.value) }.map(\.key)
        return Array(order.prefix(Self.maximumClasses))
    }

    /// Has what is published sealed for somebody of a class that nobody was in.
    mutating func classMayBeNew(of presentity: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        guard let known = presentities[presentity], known.localDocument != nil,
            classes(of: presentity) != known.sealedClasses
        else { return }
        announce(presentity, at: now, &actions)
    }

    /// Decisions about a presentity's watchers rest on something else now, so that all keys are others: what is published
    /// is sealed anew, and who may still see it is told the new key.
    mutating func renewClasses(of presentity: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        guard let known = presentities[presentity] else { return }
        let elsewhere = known.watchers.filter { subscriptions[$0]?.isElsewhere == true }
        guard !elsewhere.isEmpty || !known.sealedClasses.isEmpty else { return }
        if known.localDocument != nil { announce(presentity, at: now, &actions) }
        for number in elsewhere where subscriptions[number]?.state.status == .active {
            needsNotify(number, at: now, &actions)
        }
    }

    /// What somebody who watches elsewhere is shown of what is published here.
    mutating func shownElsewhere(to subscription: Subscription) -> [UInt8] {
        let presentity = subscription.presentity
        // Who is politely blocked is told the very same as anybody else is while nothing is published.
        guard let decision = subscription.decision, decision.handling == .allow,
            let document = presentities[presentity]?.localDocument
        else { return Composition.offlineDocument(of: presentity) }
        guard decision.permissions != .everything else { return document }
        if let view = presentities[presentity]?.localViews[decision.permissions] { return view }
        let view = decision.permissions.filtered(document) ?? Composition.offlineDocument(of: presentity)
        presentities[presentity]?.localViews[decision.permissions] = view
        return view
    }
}
