import Primitives
import SIPStack
import XMLTree

/// A user's registration as one registrar knows it (RFC 3680 §4.7): made of its bindings, change by change.
package struct RegistrationInformation: Hashable, Sendable {
    /// No user has more; a registrar allows far fewer.
    package static let maximumContacts = 128

    /// Those that are bound, in the registrar's order, and behind them those that the last change took away.
    package private(set) var contacts: [RegisteredContact] = []
    /// The time that remaining and past times are counted from. To tell them right again later, move it.
    package var asOf: Instant
    /// The state as another node tells it who does not tell the contacts.
    private(set) var stated: RegistrationState?

    /// Nothing is bound.
    package init(asOf: Instant) { self.asOf = asOf }

    /// Reads a `<registration>` (RFC 3680 §5.1) that another node composed. Times in it are spans, which any moment will do
    /// to count from.
    init(parsing registration: XMLElement) throws(EventStateError) {
        self.init(asOf: RegisteredContact.anyMoment)
        for element in registration.all(RegistrationNames.contact) {
            guard contacts.count < Self.maximumContacts else {
                throw EventStateError("more contacts than are accepted")
            }
            contacts.append(try RegisteredContact(parsing: element))
        }
        stated = registration[attribute: XMLName("state")].flatMap { RegistrationState(rawValue: $0) }
    }

    /// A registration of which nothing was known before.
    package init(
        _ bindings: [Binding], at now: Instant,
        publicGRUU: (Binding) -> String? = { GRUU.publicURI(of: $0)?.description }
    ) {
        self.init(asOf: now)
        update(to: bindings, at: now, publicGRUU: publicGRUU)
    }

    /// Takes over what the registrar has now (``SIPStack/Registrar/Action/bindingsChanged(_:_:)``), and tells from what it
    /// had before what happened to each contact.
    ///
    /// - Parameters:
    ///   - bindings: all of the user.
    ///   - reasons: why those have gone that have, by contact, as far as it was said; otherwise a contact whose time was
    ///     over has expired, and any other was removed.
    ///   - publicGRUU: the public GRUU of a binding's device.
    package mutating func update(
        to bindings: [Binding], at now: Instant, reasons: [String: UnregistrationReason] = [:],
        publicGRUU: (Binding) -> String? = { GRUU.publicURI(of: $0)?.description }
    ) {
        let before = contacts.filter(\.isActive)
        asOf = now
        contacts = []
        for binding in bindings.prefix(Self.maximumContacts) {
            let uri = binding.contact.description
            let known = before.first { $0.uri == uri }
            var contact = RegisteredContact(
                binding, .registered, publicGRUU: publicGRUU(binding), registered: known?.registered ?? now)
            if let known {
                // RFC 3680 §4.7.1: a REGISTER for a contact that is there refreshes it; nothing happened to one that is as
                // it was.
                let isAsItWas =
                    known.callID == contact.callID && known.sequence == contact.sequence
                    && known.expires == contact.expires
                contact.event = isAsItWas ? known.event : .refreshed
            }
            contacts.append(contact)
        }
        let kept = Set(contacts.map(\.uri))
        for var gone in before where !kept.contains(gone.uri) && contacts.count < 2 * Self.maximumContacts {
            gone.isActive = false
            gone.event = reasons[gone.uri].map(ContactEvent.init) ?? (gone.expires <= now ? .expired : .unregistered)
            contacts.append(gone)
        }
    }

    /// RFC 3680 §4.7.1: with a contact it is active; when the last one goes it is terminated, and `init` from then on.
    static func state(of contacts: [RegisteredContact]) -> RegistrationState {
        if contacts.contains(where: \.isActive) { return .active }
        return contacts.isEmpty ? .initial : .terminated
    }
}
