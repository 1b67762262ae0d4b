import Primitives
import SIPMessages

/// The registrar of RFC 3261 §10.3 as a core: the location service's bindings and the rules for changing them.
///
/// Whether a REGISTER may change the bindings that it names has been decided before it comes here.
package struct Registrar: Sendable {
    package enum Event: Sendable {
        /// A REGISTER for this registrar's domains.
        ///
        /// - authenticated: who proved a password; nil when the source is trusted without one.
        case request(ServerTransactionID, SIPMessage, Flow, authenticated: AddressOfRecord?)
        /// A binding as ``Action/persist(key:_:)`` gave it in an earlier run; its connection is gone by now.
        case restore([UInt8])
        /// A connection ended: bindings that lived on it lose it.
        case connectionClosed(Flow)
        /// All bindings of a user who is no user any more end.
        case remove(AddressOfRecord)
        case wake
    }

    package enum Action: Sendable {
        /// Always after the ``persist(key:_:)`` and ``forget(key:)`` that the response vouches for.
        case respond(ServerTransactionID, SIPMessage)
        case persist(key: [UInt8], [UInt8])
        case forget(key: [UInt8])
        /// All bindings that the user has now, also after a mere refresh.
        case bindingsChanged(AddressOfRecord, [Binding])
        case observe(SIPObservation)
    }

    private let configuration: RegistrarConfiguration
    private var random: RandomSource
    private var bindings: [AddressOfRecord: [Binding]] = [:]
    /// Which users have a contact at this user part, host and port: for requests that name the contact itself.
    private var owners: [String: [AddressOfRecord]] = [:]
    private var ownersByConnection: [Flow: Set<AddressOfRecord>] = [:]
    private var expiries = DeadlineQueue<AddressOfRecord>()

    package init(configuration: RegistrarConfiguration, random: RandomSource) {
        self.configuration = configuration
        self.random = random
    }

    package var nextDeadline: Instant? { expiries.earliest }

    /// How many users have bindings.
    package var count: Int { bindings.count }

    /// The bindings of a user that have not expired, in the order in which they were added.
    package func bindings(of aor: AddressOfRecord, at now: Instant) -> [Binding] {
        (bindings[aor] ?? []).filter { $0.expires > now }
    }

    /// The binding whose contact is this URI: where a request within a dialog is addressed.
    package func binding(at contact: SIPURI, now: Instant) -> Binding? {
        for aor in owners[Self.place(contact)] ?? [] {
            let all = bindings(of: aor, at: now)
            if let found = all.first(where: { Self.place($0.contact) == Self.place(contact) }) { return found }
        }
        return nil
    }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        expire(at: now, into: &actions)
        switch event {
        case .request(let id, let request, let flow, let authenticated):
            register(id, request, on: flow, user: authenticated, at: now, into: &actions)
        case .restore(let bytes): restore(bytes, at: now, into: &actions)
        case .connectionClosed(let flow): connectionClosed(flow, at: now, into: &actions)
        case .remove(let aor): remove(aor, into: &actions)
        case .wake: break
        }
    }

    private mutating func register(
        _ id: ServerTransactionID, _ request: SIPMessage, on flow: Flow, user: AddressOfRecord?, at now: Instant,
        into actions: inout [Action]
    ) {
        let outcome: RegistrationUpdate
        let aor: AddressOfRecord
        do throws(RegistrationFault) {
            aor = try addressOfRecord(of: request, user: user)
            let shortening = bindings.count >= configuration.spreadsFrom ? random.unit() / 10 : 0
            outcome = try RegistrationUpdate(
                request, on: flow, aor: aor, current: bindings(of: aor, at: now), configuration: configuration,
                shortening: shortening, at: now)
        } catch {
            actions.append(
                .respond(
                    id, request.response(error.status, error.reason, toTag: random.token(12), headers: error.headers)))
            return
        }
        if outcome.isChange { commit(outcome, of: aor, into: &actions) }
        actions.append(.respond(id, response(to: request, listing: outcome.bindings, at: now)))
        guard outcome.isChange else { return }
        actions.append(.bindingsChanged(aor, outcome.bindings))
        for change in outcome.observations { actions.append(.observe(change)) }
    }

    private func addressOfRecord(
        of request: SIPMessage, user: AddressOfRecord?
    ) throws(RegistrationFault) -> AddressOfRecord {
        // RFC 3261 §10.3 step 2, §8.2.2.3: extensions that the registrar must support and does not.
        let unsupported = ((try? request.require) ?? []).filter { !SupportedExtensions.registrar.contains($0) }
        guard unsupported.isEmpty else {
            throw RegistrationFault(420, headers: unsupported.map { (.unsupported, $0) })
        }
        guard let to = try? request.to, let aor = to.uri.addressOfRecord else {
            throw RegistrationFault(400, "To names no address of record")
        }
        // RFC 3261 §10.3 step 4: whoever is authenticated may change the bindings of that user and of nobody else.
        if let user, user != aor { throw RegistrationFault(403) }
        // Step 5: an address of record of a domain that is not registered here.
        guard configuration.domains.contains(aor.host) else { throw RegistrationFault(404) }
        return aor
    }

    /// RFC 3261 §10.3 step 7: all updates take hold or none; they are on their way to disk before the response is.
    private mutating func commit(
        _ update: RegistrationUpdate, of aor: AddressOfRecord, into actions: inout [Action]
    ) {
        let before = bindings[aor] ?? []
        let unchanged = Set(before)
        set(update.bindings, of: aor)
        let kept = Set(update.bindings.map(\.key))
        for old in before where !kept.contains(old.key) { actions.append(.forget(key: old.key)) }
        for binding in update.bindings where !unchanged.contains(binding) {
            actions.append(.persist(key: binding.key, binding.encode()))
        }
    }

    /// RFC 3261 §10.3 step 8: the 200 lists every binding with the time it has left.
    private mutating func response(to request: SIPMessage, listing bindings: [Binding], at now: Instant) -> SIPMessage {
        var headers: [(HeaderName, String)] = bindings.map { binding in
            var text = "<\(binding.contact)>\(binding.parameters)"
            if binding.preference != 1_000 { text += ";q=\(Preference.text(binding.preference))" }
            return (.contact, text + ";expires=\((binding.expires - now).secondsRoundedUp)")
        }
        // RFC 3327 §5.3: the Path that was stored goes back to a user agent that supports it.
        if ((try? request.supported) ?? []).contains("path") {
            for path in request.values(.path) { headers.append((.path, path.string)) }
        }
        return request.response(200, toTag: random.token(12), headers: headers)
    }

    private mutating func restore(_ bytes: [UInt8], at now: Instant, into actions: inout [Action]) {
        guard var binding = try? Binding(decoding: bytes) else { return }
        guard binding.expires > now else {
            actions.append(.forget(key: binding.key))
            return
        }
        if binding.flow.connection != 0 { binding.isFlowOpen = false }
        var all = bindings[binding.aor] ?? []
        all.removeAll { $0.key == binding.key }
        all.append(binding)
        set(all, of: binding.aor)
        actions.append(.bindingsChanged(binding.aor, all))
    }

    private mutating func connectionClosed(_ flow: Flow, at now: Instant, into actions: inout [Action]) {
        guard flow.connection != 0 else { return }
        for aor in (ownersByConnection[flow] ?? []).sorted() {
            var kept: [Binding] = []
            for var binding in bindings[aor] ?? [] {
                guard binding.flow == flow else {
                    kept.append(binding)
                    continue
                }
                // RFC 5626 §5.3.1: a binding made with a reg-id is valid as long as its flow, and no longer.
                if binding.registrationID != nil {
                    actions.append(.forget(key: binding.key))
                    actions.append(
                        .observe(.unregistered(aor, contact: binding.contact.description, .flowFailed)))
                } else {
                    binding.isFlowOpen = false
                    kept.append(binding)
                }
            }
            let isChange = kept != bindings[aor]
            set(kept, of: aor)
            if isChange { actions.append(.bindingsChanged(aor, kept)) }
        }
    }

    private mutating func remove(_ aor: AddressOfRecord, into actions: inout [Action]) {
        guard let gone = bindings[aor] else { return }
        set([], of: aor)
        for binding in gone { actions.append(.forget(key: binding.key)) }
        actions.append(.bindingsChanged(aor, []))
        for binding in gone {
            actions.append(.observe(.unregistered(aor, contact: binding.contact.description, .removed)))
        }
    }

    private mutating func expire(at now: Instant, into actions: inout [Action]) {
        while let aor = expiries.popDue(at: now) {
            let all = bindings[aor] ?? []
            let kept = all.filter { $0.expires > now }
            for gone in all where gone.expires <= now {
                actions.append(.forget(key: gone.key))
                actions.append(.observe(.unregistered(aor, contact: gone.contact.description, .expired)))
            }
            set(kept, of: aor)
            actions.append(.bindingsChanged(aor, kept))
        }
    }

    private mutating func set(_ new: [Binding], of aor: AddressOfRecord) {
        for old in bindings[aor] ?? [] {
            let place = Self.place(old.contact)
            owners[place]?.removeAll { $0 == aor }
            if owners[place]?.isEmpty == true { owners[place] = nil }
            if old.flow.connection != 0 {
                ownersByConnection[old.flow]?.remove(aor)
                if ownersByConnection[old.flow]?.isEmpty == true { ownersByConnection[old.flow] = nil }
            }
        }
        for binding in new {
            owners[Self.place(binding.contact), default: []].append(aor)
            if binding.flow.connection != 0, binding.isFlowOpen {
                ownersByConnection[binding.flow, default: []].insert(aor)
            }
        }
        bindings[aor] = new.isEmpty ? nil : new
        if let earliest = new.map(\.expires).min() { expiries.set(aor, to: earliest) } else { expiries.remove(aor) }
    }

    /// What of a contact's URI tells one endpoint from another.
    private static func place(_ uri: SIPURI) -> String {
        "\(uri.user ?? "")@\(uri.host.lowercased()):\(uri.port.map(String.init) ?? "")"
    }
}
