import Primitives
import SIPStack

/// What watchers see whose nodes do not know the rules: each is told what the rules grant and nothing more, and where many
/// read the same record, there is one variant of the document in it for each class of them.
extension PresenceAgent {
    /// How many variants of a document are made. The watchers of further classes are told by NOTIFY alone.
    package static let maximumClasses = 8

    /// The variants of what is published here of a presentity, for those who watch it elsewhere.
    package func variants(of presentity: AddressOfRecord) -> [(watchers: WatcherClass, document: [UInt8])] {
        let resource = EventResource(presentity)
        guard let known = resources[resource], let document = known.outsideDocument, !known.sealedClasses.isEmpty
        else { return [] }
        let basis = basis(of: presentity)
        return known.sealedClasses.map { permissions in
            let variant = permissions == .everything ? document : Self.left(of: document, resource, permissions)
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
        guard let policy = policies[presentity] else { return writer.bytes }
        writer.instant(policy.period)
        writer.bytes32(policy.authorization.encoded)
        for sphere in policy.sphere.sorted() { writer.bytes32(sphere.utf8) }
        return writer.bytes
    }

    /// The classes of those who watch elsewhere and are let in.
    func classes(of resource: EventResource) -> [PresencePermissions] {
        var found: [PresencePermissions: [UInt8]] = [:]
        for number in resources[resource]?.watchers ?? [] {
            guard let subscription = subscriptions[number], subscription.isElsewhere,
                let decision = subscription.decision, decision.handling == .allow, found[decision.permissions] == nil
            else { continue }
            found[decision.permissions] = decision.permissions.canonical
        }
        let order = found.sorted { $0.value.lexicographicallyPrecedes($1.value) }.map(\.key)
        return Array(order.prefix(Self.maximumClasses))
    }

    /// Has what is published sealed for somebody of a class that nobody was in.
    mutating func classMayBeNew(of resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        guard resource.package.isStored, let known = resources[resource], !known.publications.isEmpty,
            classes(of: resource) != known.sealedClasses
        else { return }
        announce(resource, at: now, &actions)
    }

    /// Decisions about a presentity's watchers rest on something else now, so that all keys are others: what is published
    /// is sealed anew, and who may still see it is told the new key.
    mutating func renewClasses(of user: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        let resource = EventResource(user)
        guard let known = resources[resource] else { return }
        let elsewhere = known.watchers.filter { subscriptions[$0]?.isElsewhere == true }
        guard !elsewhere.isEmpty || !known.sealedClasses.isEmpty else { return }
        if !known.publications.isEmpty { announce(resource, at: now, &actions) }
        for number in elsewhere where subscriptions[number]?.state.status == .active {
            needsNotify(number, at: now, &actions)
        }
    }

    /// What somebody who watches elsewhere is shown of what is known here.
    mutating func shownElsewhere(to subscription: Subscription) -> [UInt8] {
        let resource = subscription.resource
        // Who is politely blocked is told the very same as anybody else is while nothing is known.
        guard let decision = subscription.decision, decision.handling == .allow else {
            return resource.document(from: [])
        }
        // What permissions leave of it is the same whether nothing is known or nothing that they show.
        let document = resources[resource]?.outsideDocument ?? resource.document(from: [])
        guard decision.permissions != .everything else { return document }
        if let view = resources[resource]?.outsideViews[decision.permissions] { return view }
        let view = Self.left(of: document, resource, decision.permissions)
        resources[resource]?.outsideViews[decision.permissions] = view
        return view
    }

    /// What permissions leave of a document.
    private static func left(
        of document: [UInt8], _ resource: EventResource, _ permissions: PresencePermissions
    ) -> [UInt8] {
        resource.package.state?.document(document, permittedBy: permissions) ?? resource.document(from: [])
    }
}
