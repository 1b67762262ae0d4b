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
        for number in known.watchers where subscriptions[number]?.isOverlay == true {
            needsNotify(number, at: now, &actions)
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
        let document = Composition.document(of: presentity, from: known.shownSources)
        guard document != known.shownDocument else { return }
        presentities[presentity]!.shownDocument = document
        if known.hasAudience { actions.append(.composed(presentity, document: document)) }
        for number in known.watchers where subscriptions[number]?.isOverlay == false {
            needsNotify(number, at: now, &actions)
        }
    }

    /// What a subscription is to be shown now.
    mutating func shown(to subscription: Subscription) -> [UInt8] {
        let presentity = subscription.presentity
        if subscription.isOverlay {
            // A watcher behind another node gets a closed document when nothing is left, not the end of its
            // subscription: the presentity may come back here.
            return presentities[presentity]?.localDocument ?? Composition.document(of: presentity, from: [])
        }
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
