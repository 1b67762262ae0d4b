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
        /// The user agent at the other end of this connection was told to keep it alive.
        case limitSilence(Flow, Interval)
    }

    private let configuration: RegistrarConfiguration
    private let temporaryGRUUs: TemporaryGRUUs
    private var random: RandomSource
    private var bindings: [AddressOfRecord: [Binding]] = [:]
    /// Which users have a contact at this user part, host and port: for requests that name the contact itself.
    private var owners: [String: [AddressOfRecord]] = [:]
    private var ownersByConnection: [Flow: Set<AddressOfRecord>] = [:]
    private var expiries = DeadlineQueue<AddressOfRecord>()

    init(configuration: RegistrarConfiguration, temporaryGRUUs: TemporaryGRUUs, random: RandomSource) {
        self.configuration = configuration
        self.temporaryGRUUs = temporaryGRUUs
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
    ///
    /// - Parameter flow: the one that the dialog was set up over. Two devices of a user behind different NATs may have the
    ///   same contact, and one device several flows (RFC 5626 §4.2).
    package func binding(at contact: SIPURI, over flow: Flow? = nil, now: Instant) -> Binding? {
        let place = Self.place(contact)
        var found: Binding?
        for aor in owners[place] ?? [] {
            for binding in bindings(of: aor, at: now) where Self.place(binding.contact) == place {
                if let flow, binding.isFlowOpen, binding.flow == flow { return binding }
                if found == nil || (!found!.isFlowOpen && binding.isFlowOpen) { found = binding }
            }
        }
        return found
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
        let response = response(to: request, on: flow, outcome, at: now)
        actions.append(.respond(id, response))
        if response.contains(.flowTimer) { actions.append(.limitSilence(flow, OutboundRules.longestSilence)) }
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
        set(update.bindings, of: aor)
        // They are few, and mostly one that was refreshed.
        for old in before where !update.bindings.contains(where: { $0.contact == old.contact }) {
            actions.append(.forget(key: old.key))
        }
        for binding in update.bindings where !before.contains(binding) {
            actions.append(.persist(key: binding.key, binding.encode()))
        }
    }

    /// RFC 3261 §10.3 step 8: the 200 lists every binding with the time it has left.
    private mutating func response(
        to request: SIPMessage, on flow: Flow, _ outcome: RegistrationUpdate, at now: Instant
    ) -> SIPMessage {
        let supported = Set(((try? request.supported) ?? []).map { $0.lowercased() })
        var headers: [(HeaderName, String)] = []
        for binding in outcome.bindings {
            var text = "<\(binding.contact)>\(binding.parameters)"
            if binding.preference != 1_000 { text += ";q=\(Preference.text(binding.preference))" }
            if supported.contains("gruu") { text += gruus(of: binding) }
            headers.append((.contact, text + ";expires=\((binding.expires - now).secondsRoundedUp)"))
        }
        // RFC 5626 §6: it is said when a flow was registered, and only to who understands it.
        if outcome.concernsFlow, supported.contains(OutboundRules.optionTag) {
            headers.append((.require, OutboundRules.optionTag))
            // RFC 5626 §5.4: to notice that a device has gone, not only when somebody calls it. Datagrams have no
            // connection to end, and their NATs want keep-alives more often than would be said here; those of WebSocket
            // (RFC 7118 §6) are not heard here.
            if flow.transport.isStream, request.values(.via).count == 1 {
                headers.append((.flowTimer, "\(OutboundRules.flowTimer)"))
            }
        }
        // RFC 3327 §5.3: the Path that was stored goes back to a user agent that supports it.
        if supported.contains("path") {
            for path in request.values(.path) { headers.append((.path, path.string)) }
        }
        return request.response(200, toTag: random.token(12), headers: headers)
    }

    /// RFC 5627 §5.2: the public GRUU and the latest temporary one, which is new each time (§5.1), as parameters of Contact.
    private mutating func gruus(of binding: Binding) -> String {
        guard let publicURI = GRUU.publicURI(of: binding) else { return "" }
        var text = ";pub-gruu=\(QuotedString.quoted(publicURI.description))"
        if let temporary = temporaryGRUUs.make(for: binding, random: &random) {
            text += ";temp-gruu=\(QuotedString.quoted(temporary.description))"
        }
        return text
    }

    private mutating func restore(_ bytes: [UInt8], at now: Instant, into actions: inout [Action]) {
        guard var binding = try? Binding(decoding: bytes) else { return }
        if binding.refreshed == nil, binding.instance != nil {
            // Kept by an earlier version, under another key.
            actions.append(.forget(key: binding.contactKey))
            actions.append(.persist(key: binding.key, binding.encode()))
        }
        guard binding.expires > now else {
            actions.append(.forget(key: binding.key))
            return
        }
        if binding.flow.connection != 0 {
            guard !binding.endsWithFlow else {
                actions.append(.forget(key: binding.key))
                return
            }
            binding.isFlowOpen = false
        }
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
                // RFC 5626 §7: a binding made with a reg-id is valid as long as its flow, and no longer.
                if binding.endsWithFlow {
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
        let before = bindings[aor] ?? []
        if !before.elementsEqual(new, by: Self.areAtOnePlace) { setPlaces(of: aor, from: before, to: new) }
        bindings[aor] = new.isEmpty ? nil : new
        if let earliest = new.map(\.expires).min() { expiries.set(aor, to: earliest) } else { expiries.remove(aor) }
    }

    private static func areAtOnePlace(_ a: Binding, _ b: Binding) -> Bool {
        a.flow == b.flow && a.isFlowOpen == b.isFlowOpen && a.contact == b.contact
    }

    private mutating func setPlaces(of aor: AddressOfRecord, from before: [Binding], to new: [Binding]) {
        for old in before {
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
    }

    /// What of a contact's URI tells one endpoint from another.
    private static func place(_ uri: SIPURI) -> String {
        "\(uri.user ?? "")@\(uri.host.lowercased()):\(uri.port.map(String.init) ?? "")"
    }
}
