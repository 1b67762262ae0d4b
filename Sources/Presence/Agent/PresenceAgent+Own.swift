import Primitives
import SIPStack

/// What this node knows of its users without a publication.
extension PresenceAgent {
    /// A user's phones registered, moved or went.
    mutating func take(
        _ bindings: [Binding], of user: AddressOfRecord, at now: Instant, _ actions: inout [Action]
    ) {
        let wasRegistered = self.bindings[user] != nil
        self.bindings[user] = bindings.isEmpty ? nil : bindings
        if bindings.isEmpty == wasRegistered { phonesChanged(of: user, at: now, &actions) }
        let registration = EventResource(user, .registration)
        if let known = resources[registration] {
            var information = known.own?.state as? RegistrationInformation ?? RegistrationInformation(asOf: now)
            information.update(to: bindings, at: now)
            set(information, as: registration, at: now, &actions)
        }
        // Whether there are any is all that presence says of them, and dialogs; it changes far less often than they do.
        guard bindings.isEmpty == wasRegistered else { return }
        for resource in [EventResource(user), EventResource(user, .dialog)] where resources[resource] != nil {
            let dialogs = resources[resource]?.own?.state as? DialogInformation
            guard dialogs?.dialogs.isEmpty ?? true else { continue }
            set(state(byBindingsOf: resource, at: now), as: resource, at: now, &actions)
        }
    }

    /// A user's calls changed, or what ended is forgotten, of which nobody need be told.
    mutating func take(
        _ information: DialogInformation, of user: AddressOfRecord, isNews: Bool, at now: Instant,
        _ actions: inout [Action]
    ) {
        let resource = EventResource(user, .dialog)
        let state: (any Sendable)? =
            information.dialogs.isEmpty ? self.state(byBindingsOf: resource, at: now) : information
        guard !isNews else { return set(state, as: resource, at: now, &actions) }
        guard let known = resources[resource] else { return }
        resources[resource]!.own = state.map { OwnState(version: known.own?.version ?? known.localVersion, state: $0) }
        if known.isEmpty { resources[resource]!.localDocument = nil } else { composeLocally(resource) }
        resources[resource]!.shownDocument = nil
        dropIfEmpty(resource)
    }

    private mutating func set(
        _ state: (any Sendable)?, as resource: EventResource, at now: Instant, _ actions: inout [Action]
    ) {
        let version = nextVersion(at: now)
        // Kept without being opened: what the bindings say of it is replaced at once.
        if resources[resource] == nil { resources[resource] = ResourceState() }
        resources[resource]!.own = state.map { OwnState(version: version, state: $0) }
        ownStateChanged(of: resource, at: now, &actions)
    }

    /// Begins to keep the state of a resource for somebody who asks for it or publishes it, if it is not kept yet, with
    /// what is known of it without a publication.
    mutating func open(_ resource: EventResource, at now: Instant) {
        if let known = resources[resource] {
            // A user's calls are kept while nobody asks for them, but not composed.
            if known.isEmpty { composeLocally(resource) }
            return
        }
        resources[resource] = ResourceState()
        takeOwn(of: resource, at: now)
    }

    /// Takes what is known without a publication of a resource that was not kept until now, or was restored.
    mutating func takeOwn(of resource: EventResource, at now: Instant) {
        let lasting = lasting(of: resource)
        resources[resource]!.lasting = lasting
        if let state = state(byBindingsOf: resource, at: now) {
            let version = nextVersion(at: now)
            resources[resource]!.own = OwnState(version: version, state: state)
        }
        composeLocally(resource)
    }

    /// What the bindings say of a resource: it is not kept for users of whom nobody asks.
    func state(byBindingsOf resource: EventResource, at now: Instant) -> (any Sendable)? {
        guard let bindings = bindings[resource.user] else { return nil }
        return switch resource.package {
        case .presence: absences[resource.user] != nil ? nil : Composition.registered(resource.user)
        case .registration: RegistrationInformation(bindings, at: now)
        // Whose phones are here has no other calls than are known here: what a node that is gone said last doesn't count.
        case .dialog: DialogInformation()
        case .messageSummary, .watcherInformation, .documents: nil
        }
    }
}
