import Primitives

/// From what is published and heard to what is shown and told.
extension PresenceAgent {
    /// Composes anew after a publication came, changed or went.
    mutating func publicationsChanged(of presentity: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        guard let known = presentities[presentity] else { return }
        let sources = known.localSources
        let document = sources.isEmpty ? nil : Composition.document(of: presentity, from: sources)
        guard document != known.localDocument else {
            return publicationsRefreshed(of: presentity, at: now, &actions)
        }
        presentities[presentity]!.localDocument = document
        announce(presentity, at: now, &actions)
        let basic: BasicStatus = sources.contains { $0.basic == .open } ? .open : .closed
        actions.append(.observe(.published(presentity, basic, note: sources.lazy.compactMap(\.note).first)))
        for number in known.watchers {
            guard let subscription = subscriptions[number], subscription.isOverlay else { continue }
            // Who watches elsewhere must not learn from a NOTIFY that something changed which is not for them.
            let isConcerned =
                subscription.isNode
                || subscription.state.status == .active && shown(to: subscription) != subscription.told
            if isConcerned { needsNotify(number, at: now, &actions) }
        }
        shownMayHaveChanged(of: presentity, at: now, &actions)
        dropIfEmpty(presentity)
    }

    /// Tells the overlay that what is published holds longer, or less long.
    mutating func publicationsRefreshed(of presentity: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        if presentities[presentity]?.localDocument != nil { announce(presentity, at: now, &actions) }
        // The order of freshness may have changed even though this node's own composition did not.
        shownMayHaveChanged(of: presentity, at: now, &actions)
        dropIfEmpty(presentity)
    }

    /// The version of what is published here of a presentity, be it nothing.
    ///
    /// Nothing has a version as well: after a restart it must be newer than what was published before it.
    mutating func localVersion(of presentity: AddressOfRecord, at now: Instant) -> Int64 {
        if let version = presentities[presentity]?.localVersion, version > 0 { return version }
        let version = nextVersion(at: now)
        presentities[presentity]?.localVersion = version
        return version
    }

    mutating func announce(_ presentity: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        guard presentities[presentity] != nil else { return }
        let version = nextVersion(at: now)
        presentities[presentity]!.localVersion = version
        presentities[presentity]!.sealedClasses = classes(of: presentity)
        let known = presentities[presentity]!
        actions.append(
            .publish(
                presentity, document: known.localDocument, version: version,
                expires: known.localDocument == nil ? now : known.expires))
    }

    /// Composes what this node's own watchers see, and tells them when it is something else than before.
    mutating func shownMayHaveChanged(of presentity: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        guard let known = presentities[presentity] else { return }
        // Nobody looks: compose when somebody does.
        guard known.localWatchers > 0 else {
            presentities[presentity]!.shownDocument = nil
            return
        }
        let sources = known.shownSources
        let document = Composition.document(of: presentity, from: sources)
        let sphere = known.authorization?.ruleset.usesSphere == true ? Sphere.agreed(by: sources) : []
        guard document != known.shownDocument || sphere != known.sphere else { return }
        presentities[presentity]!.shownDocument = document
        presentities[presentity]!.sphere = sphere
        if known.hasAudience, document != known.shownDocument {
            actions.append(.composed(presentity, document: document))
        }
        // RFC 5025 §3.1.2: what the presentity is engaged in may change what its rules say.
        if sphere != known.sphere {
            authorize(presentity, at: now, &actions)
            renewClasses(of: presentity, at: now, &actions)
        }
        tellWatchers(of: presentity, at: now, &actions)
    }

    /// Notifies those of this node's own watchers who see something else now than they were told.
    mutating func tellWatchers(of presentity: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        for number in presentities[presentity]?.watchers ?? [] {
            guard let subscription = subscriptions[number], !subscription.isNode,
                subscription.state.status == .active, shown(to: subscription) != subscription.told
            else { continue }
            needsNotify(number, at: now, &actions)
        }
    }

    /// What a subscription is to be shown now.
    mutating func shown(to subscription: Subscription) -> [UInt8] {
        let presentity = subscription.presentity
        if subscription.isElsewhere { return shownElsewhere(to: subscription) }
        if subscription.isOverlay {
            // A watcher behind another node gets a closed document when nothing is left, not the end of its
            // subscription: the presentity may come back here.
            return presentities[presentity]?.localDocument ?? Composition.offlineDocument(of: presentity)
        }
        guard isRuledHere(presentity) else {
            guard case .authenticated(let watcher) = subscription.identity, let known = presentities[presentity] else {
                return Composition.offlineDocument(of: presentity)
            }
            return Composition.document(of: presentity, from: known.shownSources(for: watcher))
        }
        // RFC 5025 §3.2.1: polite blocking says that the presentity is unavailable, and nothing that would tell the
        // watcher from one who asks while it is.
        guard let decision = subscription.decision, decision.handling == .allow else {
            return Composition.offlineDocument(of: presentity)
        }
        let document = shownDocument(of: presentity)
        guard decision.permissions != .everything else { return document }
        if let view = presentities[presentity]?.views[decision.permissions] { return view }
        let view = decision.permissions.filtered(document) ?? Composition.offlineDocument(of: presentity)
        presentities[presentity]?.views[decision.permissions] = view
        return view
    }

    /// What this node's own watchers see who may see everything.
    private mutating func shownDocument(of presentity: AddressOfRecord) -> [UInt8] {
        if let document = presentities[presentity]?.shownDocument { return document }
        let sources = presentities[presentity]?.shownSources ?? []
        let document = Composition.document(of: presentity, from: sources)
        presentities[presentity]?.shownDocument = document
        return document
    }

    mutating func dropIfEmpty(_ presentity: AddressOfRecord) {
        if presentities[presentity]?.isEmpty == true { presentities[presentity] = nil }
    }
}
