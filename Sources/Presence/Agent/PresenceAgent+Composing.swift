import Primitives

/// From what is published and heard to what is shown and told.
extension PresenceAgent {
    /// Composes anew after a publication came, changed or went.
    ///
    /// What the presentity is engaged in may change with it, and with that what the rules say: they decide before anything
    /// is told or announced.
    mutating func publicationsChanged(of resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        guard let known = resources[resource] else { return }
        guard composeLocally(resource) else { return publicationsRefreshed(of: resource, at: now, &actions) }
        shownMayHaveChanged(of: resource, at: now, &actions)
        announce(resource, at: now, &actions)
        if resource.package == .presence {
            let documents = known.publications.compactMap { $0.state as? PresenceDocument }
            let basic: BasicStatus = documents.contains { $0.basic == .open } ? .open : .closed
            actions.append(.observe(.published(resource.user, basic, note: documents.lazy.compactMap(\.note).first)))
        }
        tellElsewhere(of: resource, at: now, &actions)
        dropIfEmpty(resource)
    }

    /// Composes anew after what this node knows without publications changed.
    mutating func ownStateChanged(of resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        if resources[resource]?.isEmpty == true {
            // Nobody looks: ``open(_:at:)`` composes when somebody does.
            resources[resource]!.localVersion = nextVersion(at: now)
            resources[resource]!.localDocument = nil
            resources[resource]!.shownDocument = nil
            return dropIfEmpty(resource)
        }
        guard composeLocally(resource) else { return dropIfEmpty(resource) }
        if resource.package.isStored, resources[resource]?.publications.isEmpty == false {
            announce(resource, at: now, &actions)
        } else {
            // A version of its own, or other nodes would take it for what they have.
            let version = nextVersion(at: now)
            resources[resource]?.localVersion = version
        }
        shownMayHaveChanged(of: resource, at: now, &actions)
        tellElsewhere(of: resource, at: now, &actions)
        dropIfEmpty(resource)
    }

    /// - Returns: whether the document is another one now.
    @discardableResult
    mutating func composeLocally(_ resource: EventResource) -> Bool {
        guard let known = resources[resource] else { return false }
        let states = known.localStates
        let document = states.isEmpty ? nil : resource.document(from: states)
        let outside = known.lasting.isEmpty ? document : resource.document(from: known.outsideStates)
        guard document != known.localDocument || outside != known.outsideDocument else { return false }
        resources[resource]!.localDocument = document
        resources[resource]!.outsideDocument = outside
        return true
    }

    /// Tells those who watch elsewhere what is new of what is known here.
    private mutating func tellElsewhere(of resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        for number in resources[resource]?.watchers ?? [] {
            guard let subscription = subscriptions[number], subscription.isOverlay else { continue }
            // Who watches elsewhere must not learn from a NOTIFY that something changed which is not for them.
            let isConcerned =
                subscription.isNode
                || subscription.state.status == .active && shown(to: subscription) != subscription.told
            if isConcerned { needsNotify(number, at: now, &actions) }
        }
    }

    /// Tells the overlay that what is published holds longer, or less long.
    mutating func publicationsRefreshed(of resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        if resources[resource]?.publications.isEmpty == false { announce(resource, at: now, &actions) }
        // The order of freshness may have changed even though this node's own composition did not.
        shownMayHaveChanged(of: resource, at: now, &actions)
        dropIfEmpty(resource)
    }

    /// What is published was refreshed and is the same as before: it just holds longer, under the version that it has.
    mutating func publicationsProlonged(of resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        guard resource.package.isStored else { return announceHeld(of: resource.user, &actions) }
        let version = localVersion(of: resource, at: now)
        guard let known = resources[resource], let document = known.localDocument else { return }
        actions.append(.publish(resource.user, document: document, version: version, expires: known.expires))
    }

    /// The version of what is known here of a resource, be it nothing.
    ///
    /// Nothing has a version as well: after a restart it must be newer than what was published before it.
    mutating func localVersion(of resource: EventResource, at now: Instant) -> Int64 {
        if let version = resources[resource]?.localVersion, version > 0 { return version }
        let version = nextVersion(at: now)
        resources[resource]?.localVersion = version
        return version
    }

    mutating func announce(_ resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        guard resources[resource] != nil else { return }
        let version = nextVersion(at: now)
        resources[resource]!.localVersion = version
        guard resource.package.isStored else { return announceHeld(of: resource.user, &actions) }
        let classes = classes(of: resource)
        resources[resource]!.sealedClasses = classes
        guard let known = resources[resource] else { return }
        // That phones are registered, and nothing else, other nodes see from the registrations themselves.
        let document = known.publications.isEmpty ? nil : known.localDocument
        actions.append(
            .publish(
                resource.user, document: document, version: version, expires: document == nil ? now : known.expires))
    }

    private func announceHeld(of user: AddressOfRecord, _ actions: inout [Action]) {
        let held = EventPackage.composed.filter { !$0.isStored }.compactMap { resources[EventResource(user, $0)] }
        let last = held.filter { !$0.publications.isEmpty }.map(\.expires).max()
        actions.append(.holds(user, until: last))
    }

    /// Composes what this node's own watchers see, and tells them when it is something else than before.
    mutating func shownMayHaveChanged(of resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        guard resource.package.state != nil else { return tellInformed(of: resource, at: now, &actions) }
        if resource.package == .presence { seenElsewhereMayHaveChanged(of: resource, at: now, &actions) }
        guard let known = resources[resource] else { return }
        let states = known.shownStates
        // Nobody looks: compose when somebody does.
        let document = known.localWatchers > 0 ? resource.document(from: states) : nil
        let isOther = document != known.shownDocument
        resources[resource]!.shownDocument = document
        if isOther, known.hasAudience, let document { actions.append(.composed(resource.user, document: document)) }
        // RFC 5025 §3.1.2: what the presentity is engaged in may change what its rules say, of those as well who have yet
        // to come.
        let hasMoved = resource.package == .presence && takeSphere(of: resource.user, from: states)
        if hasMoved {
            authorize(resource.user, at: now, &actions)
            renewClasses(of: resource.user, at: now, &actions)
        }
        if isOther || hasMoved { tellWatchers(of: resource, at: now, &actions) }
    }

    /// What a subscription is to be shown now.
    mutating func shown(to subscription: Subscription) -> [UInt8] {
        let resource = subscription.resource
        if subscription.isElsewhere { return shownElsewhere(to: subscription) }
        if subscription.isOverlay {
            // A watcher behind another node gets a closed document when nothing is left, not the end of its
            // subscription: the presentity may come back here.
            return resources[resource]?.localDocument ?? resource.document(from: [])
        }
        guard isRuledHere(resource.user) else {
            guard case .authenticated(let watcher) = subscription.identity, let known = resources[resource] else {
                return resource.document(from: [])
            }
            return resource.document(from: known.shownStates(for: watcher))
        }
        // RFC 5025 §3.2.1: polite blocking says that the presentity is unavailable, and nothing that would tell the
        // watcher from one who asks while it is.
        guard let decision = subscription.decision, decision.handling == .allow else {
            return resource.document(from: [])
        }
        let document = shownDocument(of: resource)
        guard decision.permissions != .everything else { return document }
        if let view = resources[resource]?.views[decision.permissions] { return view }
        let left = resource.package.state?.document(document, permittedBy: decision.permissions)
        let view = left ?? resource.document(from: [])
        resources[resource]?.views[decision.permissions] = view
        return view
    }

    /// What this node's own watchers see who may see everything.
    mutating func shownDocument(of resource: EventResource) -> [UInt8] {
        if let document = resources[resource]?.shownDocument { return document }
        let document = resource.document(from: resources[resource]?.shownStates ?? [])
        resources[resource]?.shownDocument = document
        return document
    }

    mutating func dropIfEmpty(_ resource: EventResource) {
        guard let known = resources[resource], known.isEmpty else { return }
        let hasDialogs = (known.own?.state as? DialogInformation)?.dialogs.isEmpty == false
        if !hasDialogs { resources[resource] = nil }
    }
}
