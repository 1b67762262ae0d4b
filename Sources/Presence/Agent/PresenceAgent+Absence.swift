import Primitives

/// Who is seen nowhere, and since when.
extension PresenceAgent {
    /// A publication was taken back, or ran out.
    mutating func publicationWent(from resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        if resources[resource]?.publications.isEmpty == true {
            lastPublicationWent(from: resource, at: now, &actions)
        }
        publicationsChanged(of: resource, at: now, &actions)
    }

    /// The last publication of a user is gone. Whose phones publish is not open merely because one is registered yet: some
    /// quit without saying so to the registrar.
    private mutating func lastPublicationWent(
        from resource: EventResource, at now: Instant, _ actions: inout [Action]
    ) {
        guard resource.package == .presence else { return }
        let hasPhones = bindings[resource.user] != nil
        set(Absence(since: now, hasPhones: hasPhones), of: resource.user, &actions)
        if hasPhones { resources[resource]?.own = nil }
    }

    /// The first phone of a user came, or the last one went.
    mutating func phonesChanged(of user: AddressOfRecord, at now: Instant, _ actions: inout [Action]) {
        if bindings[user] != nil { return set(nil, of: user, &actions) }
        guard resources[EventResource(user)]?.publications.isEmpty != false else { return }
        set(Absence(since: absences[user]?.since ?? now, hasPhones: false), of: user, &actions)
    }

    /// Whoever other nodes had seen, and nobody sees now, is away since now.
    mutating func seenElsewhereMayHaveChanged(of resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        guard let known = resources[resource], isRuledHere(resource.user) else { return }
        let isSeen = known.remotes.contains { ($0.state as? PresenceDocument)?.isSign == true }
        guard isSeen != known.isSeenElsewhere else { return }
        resources[resource]!.isSeenElsewhere = isSeen
        guard !isSeen, known.publications.isEmpty, bindings[resource.user] == nil else { return }
        set(Absence(since: now, hasPhones: false), of: resource.user, &actions)
    }

    mutating func set(_ absence: Absence?, of user: AddressOfRecord, _ actions: inout [Action]) {
        guard absence != absences[user] else { return }
        absences[user] = absence
        let resource = EventResource(user)
        let lasting = lasting(of: resource)
        resources[resource]?.lasting = lasting
        let key = Array(user.description.utf8)
        actions.append(absence.map { .persist(.absence, key: key, value: $0.encoded) } ?? .forget(.absence, key: key))
    }

    mutating func restoreAbsence(_ key: [UInt8], _ value: [UInt8]) throws(MalformedBytes) {
        guard let user = AddressOfRecord(String(decoding: key, as: UTF8.self)) else {
            throw MalformedBytes("the absence of nobody")
        }
        absences[user] = try Absence(decoding: value)
    }

    /// Phones that are gone since before a restart say nothing of those that register later.
    mutating func forgetPhonesOfAbsent(_ actions: inout [Action]) {
        for user in absences.keys.sorted() where absences[user]!.hasPhones && bindings[user] == nil {
            set(Absence(since: absences[user]!.since, hasPhones: false), of: user, &actions)
        }
    }
}
