import Primitives
import SIPStack

/// What this node knows of its users without a publication.
extension PresenceAgent {
    /// A user's phones registered, moved or went.
    mutating func take(
        _ bindings: [Binding], of user: AddressOfRecord, at now: Instant, _ actions: inout [Action]
    ) {
        // Whether there are any is all that presence says of them; it changes far less often than they do.
        let presence = EventResource(user)
        guard bindings.isEmpty == (resources[presence]?.own != nil) else { return }
        set(bindings.isEmpty ? nil : Composition.registered(user), as: presence, at: now, &actions)
    }

    private mutating func set(
        _ state: (any Sendable)?, as resource: EventResource, at now: Instant, _ actions: inout [Action]
    ) {
        resources[resource, default: ResourceState()].own = state.map {
            OwnState(version: nextVersion(at: now), state: $0)
        }
        ownStateChanged(of: resource, at: now, &actions)
    }
}
