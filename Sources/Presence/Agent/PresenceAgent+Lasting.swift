import Primitives

/// What is said of a user whether they are anywhere or not.
extension PresenceAgent {
    /// The user's own document about it, and since when they are seen nowhere.
    func lasting(of resource: EventResource) -> [OwnState] {
        guard resource.package == .presence else { return [] }
        let absence = absences[resource.user].map { absence in
            OwnState(
                version: Int64(clamping: absence.since.nanoseconds / 1_000),
                state: Composition.absent(resource.user, since: absence.since))
        }
        return [manualStates[resource.user], absence].compactMap { $0 }
    }

    /// A user wrote, changed or deleted the document that says how they are.
    ///
    /// RFC 4827 §1: it is one more source for composition, which lasts until it is changed again.
    mutating func setManualState(
        of user: AddressOfRecord, _ document: PresenceDocument?, version: Int64, at now: Instant,
        _ actions: inout [Action]
    ) {
        let state = document.map { OwnState(version: version, state: $0) }
        guard state?.version != manualStates[user]?.version else { return }
        manualStates[user] = state
        let resource = EventResource(user)
        guard resources[resource] != nil else { return }
        let lasting = lasting(of: resource)
        resources[resource]!.lasting = lasting
        ownStateChanged(of: resource, at: now, &actions)
    }
}
