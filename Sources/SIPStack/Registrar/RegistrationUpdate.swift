import Primitives
import SIPMessages

/// What one REGISTER would make of a user's bindings: worked out whole before anything is changed
/// (RFC 3261 §10.3: all updates succeed or none).
struct RegistrationUpdate: Sendable {
    /// How many bindings each device may have on average. RFC 5626 §4.2.1: a user agent keeps a flow to each proxy of
    /// its outbound set, and is to support sets of up to four; without a bound it could name reg-ids for ever.
    private static let bindingsPerDevice = 4

    /// All bindings afterwards.
    private(set) var bindings: [Binding]
    /// Whether the request changes or refreshes anything; one without Contact only asks.
    private(set) var isChange = false
    private(set) var observations: [SIPObservation] = []
    /// Whether the request registers or removes a flow (RFC 5626 §6).
    private(set) var concernsFlow = false

    /// - Parameter shortening: the share by which the times granted are shorter than they could be.
    init(
        _ request: SIPMessage, on flow: Flow, aor: AddressOfRecord, current: [Binding],
        configuration: RegistrarConfiguration, shortening: Double, at now: Instant
    ) throws(RegistrationFault) {
        bindings = current
        // RFC 3261 §10.3 step 6: without Contact the request only asks for the bindings.
        guard request.contains(.contact) else { return }
        guard let callID = try? request.callID, let cseq = try? request.cseq.number else {
            throw RegistrationFault(400)
        }
        isChange = true
        let expires = request.expires
        if request.isContactWildcard {
            // Step 6: "*" is only valid alone and with an Expires of zero.
            guard expires == 0, request.values(.contact).count == 1 else {
                throw RegistrationFault(400, "Contact * needs Expires 0 and no other Contact")
            }
            for binding in current { try Self.checkOrder(binding, callID: callID, cseq: cseq) }
            for binding in current { noteRemoval(of: binding, .removed) }
            bindings = []
            return
        }
        guard let asked = try? request.contacts else { throw RegistrationFault(400, "Malformed Contact") }
        let outbound = try OutboundRules(request, contacts: asked)
        let contacts = outbound.contacts
        concernsFlow = outbound.concernsFlow
        let path = request.values(.path).map(\.string)
        guard contacts.count <= configuration.maximumContacts, path.count <= 16 else {
            throw RegistrationFault(403, "Too Many Contacts")
        }
        try Self.checkSchemes(request, contacts: contacts.map(\.uri))
        for contact in contacts {
            let seconds = try Self.granted(
                contact.expires ?? expires, configuration: configuration, shortening: shortening)
            if seconds > 0 { try Self.checkTarget(contact, of: aor) }
            var parameters = contact.address.parameters
            // RFC 5627 §5.1: a user agent can't say what its GRUUs are.
            for name in ["expires", "q", "pub-gruu", "temp-gruu"] { parameters.remove(name) }
            var new = Binding(
                aor: aor, contact: contact.uri, parameters: parameters,
                preference: contact.q ?? 1_000, flow: flow, path: path, callID: callID,
                cseq: cseq, expires: now + .seconds(seconds), refreshed: now)
            if seconds > 0 { setEpoch(of: &new) }
            try apply(new, isRemoval: seconds == 0, current: current)
        }
        guard bindings.count <= Self.bindingsPerDevice * configuration.maximumContacts,
            bindings.count <= configuration.maximumContacts
                || Self.devices(in: bindings) <= configuration.maximumContacts
        else {
            throw RegistrationFault(403, "Too Many Contacts")
        }
    }

    /// RFC 5630 §5.2: a SIPS contact is only taken when the Request-URI and all of Path are SIPS too; otherwise what looks
    /// secure would hang on what is not.
    private static func checkSchemes(_ request: SIPMessage, contacts: [SIPURI]) throws(RegistrationFault) {
        guard contacts.contains(where: { $0.scheme == .sips }) else { return }
        let path = request.values(.path).map { try? NameAddress($0, of: .path).uri.scheme }
        guard request.requestURI?.scheme == .sips, path.allSatisfy({ $0 == .sips }) else {
            throw RegistrationFault(400, "A SIPS Contact needs a SIPS Request-URI and Path")
        }
    }

    /// RFC 3261 §10.3 step 7: what is asked for, by the contact or for all, cut to what is granted; 423 when it is
    /// positive and both under an hour and under the minimum. The registrar may grant less than was asked for.
    private static func granted(
        _ asked: Int?, configuration: RegistrarConfiguration, shortening: Double
    ) throws(RegistrationFault) -> Int {
        let asked = asked ?? configuration.defaultExpires
        guard asked > 0 else { return 0 }
        if asked < 3_600, asked < configuration.minimumExpires {
            throw RegistrationFault(423, headers: [(.minExpires, String(configuration.minimumExpires))])
        }
        let least = min(configuration.minimumExpires, 3_600)
        let most = min(max(asked, least), configuration.maximumExpires)
        return max(most - Int(Double(most) * shortening), min(most, least))
    }

    /// RFC 5627 §5.1: the contact of a device must not be what it is found by, the address of record or a GRUU of it: a
    /// request would never leave this server.
    private static func checkTarget(_ contact: ContactHeader, of aor: AddressOfRecord) throws(RegistrationFault) {
        guard contact.address.parameters.contains("+sip.instance") else { return }
        var uri = contact.uri
        uri.scheme = .sip
        guard !uri.isEquivalent(to: SIPURI(aor)), !GRUU.isTemporary(contact.uri) else {
            throw RegistrationFault(403, "Contact Leads Back Here")
        }
    }

    /// RFC 5627 §5.1, §5.3: the temporary GRUUs of a device are good until its last binding ends, or until one that is
    /// there is registered with another Call-ID, as a device does that has restarted.
    private mutating func setEpoch(of new: inout Binding) {
        guard let instance = new.instance else { return }
        let isNew = bindings.contains { Self.isSame($0, new) && $0.callID != new.callID }
        if !isNew, let known = bindings.first(where: { $0.instance == instance }) {
            new.epoch = known.epoch
            return
        }
        var writer = ByteWriter(reserving: 128)
        writer.string16(instance)
        writer.string16(new.callID)
        writer.uint32(new.cseq)
        writer.instant(new.expires)
        var reader = ByteReader(Digest.sha256(writer.bytes))
        new.epoch = (try? reader.uint64()) ?? 0
        for position in bindings.indices where bindings[position].instance == instance {
            bindings[position].epoch = new.epoch
        }
    }

    private mutating func apply(
        _ new: Binding, isRemoval: Bool, current: [Binding]
    ) throws(RegistrationFault) {
        guard new.contact.isSIP else { throw RegistrationFault(400, "Contact is no SIP URI") }
        let position = bindings.firstIndex { Self.isSame($0, new) }
        // Two contacts of one request that mean the same device don't stand in each other's way.
        if let position, current.contains(bindings[position]) {
            try Self.checkOrder(bindings[position], callID: new.callID, cseq: new.cseq)
        }
        switch (position, isRemoval) {
        case (nil, true): break
        case (nil, false):
            bindings.append(new)
            observations.append(.registered(new.aor, contact: new.contact.description, expires: new.expires))
        case (let position?, true):
            noteRemoval(of: bindings[position], .removed)
            bindings.remove(at: position)
        case (let position?, false):
            let old = bindings[position]
            bindings[position] = new
            if !old.contact.isEquivalent(to: new.contact) {
                noteRemoval(of: old, .replaced)
                observations.append(.registered(new.aor, contact: new.contact.description, expires: new.expires))
            }
        }
    }

    private mutating func noteRemoval(of binding: Binding, _ reason: UnregistrationReason) {
        observations.append(.unregistered(binding.aor, contact: binding.contact.description, reason))
    }

    /// RFC 3261 §10.3 steps 6 and 7: with the same Call-ID only a higher CSeq counts, so that requests that overtook
    /// each other can't undo what is newer. The contacts of one request share their CSeq and pass together.
    private static func checkOrder(_ old: Binding, callID: String, cseq: UInt32) throws(RegistrationFault) {
        guard old.callID != callID || cseq > old.cseq else {
            throw RegistrationFault(500, "CSeq is not higher than that of the binding")
        }
    }

    /// RFC 3261 §10.3 step 7 compares contacts by the rules for URIs; RFC 5626 §6 by instance and reg-id where both
    /// are there. A device that comes back from another port without having removed its old contact is the same
    /// device: its instance says so, and the old address would only cost every caller a dead branch. And two devices
    /// are not the same because their private addresses are.
    private static func isSame(_ old: Binding, _ new: Binding) -> Bool {
        if let instance = old.instance, let newInstance = new.instance {
            return instance == newInstance && old.registrationID == new.registrationID
        }
        return old.registrationID == nil && old.contact.isEquivalent(to: new.contact)
    }

    private static func devices(in bindings: [Binding]) -> Int {
        Set(bindings.map { $0.instance ?? $0.contact.description }).count
    }
}
