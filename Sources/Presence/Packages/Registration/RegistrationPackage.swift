import Primitives
import SIPMessages
import SIPStack
import XMLTree

/// Where a user is registered: `reg` (RFC 3680), with public GRUUs (RFC 5628).
package enum RegistrationPackage: EventStatePackage {
    package static let documentType = MediaType("application", "reginfo+xml")
    package static let access = EventPackageAccess.rules
    /// Only the registrar knows.
    package static let isPublished = false

    private static let numbering = NumberedDocument(root: "reginfo", namespace: RegistrationNames.namespace)

    package static func state(of document: [UInt8]) throws(EventStateError) -> RegistrationInformation {
        throw EventStateError("registrations are not published")
    }

    /// What another node composed: its contacts, or to whom it tells no more, the state alone.
    package static func state(
        composedElsewhere document: [UInt8]
    ) throws(EventStateError) -> RegistrationInformation {
        let root: XMLElement
        do {
            root = try XMLDocument(parsing: document).root
        } catch {
            throw EventStateError(error.description)
        }
        guard let registration = root.first(RegistrationNames.registration) else {
            throw EventStateError("not a registration information document: the root is \(root.name)")
        }
        return try RegistrationInformation(parsing: registration)
    }

    /// The contacts that a user has at any of several nodes.
    package static func document(of resource: AddressOfRecord, from states: [RegistrationInformation]) -> [UInt8] {
        var positions: [String: Int] = [:]
        var contacts: [(contact: RegisteredContact, asOf: Instant)] = []
        for state in states {
            for contact in state.contacts {
                guard let position = positions[contact.uri] else {
                    positions[contact.uri] = contacts.count
                    contacts.append((contact, state.asOf))
                    continue
                }
                // A device that went from one node to another is gone at the one and there at the other.
                if contact.isActive, !contacts[position].contact.isActive { contacts[position] = (contact, state.asOf) }
            }
        }
        let stated = contacts.isEmpty ? states.compactMap(\.stated) : []
        let state = stated.contains(.active) ? .active : stated.first
        return document(
            of: resource, state ?? RegistrationInformation.state(of: contacts.map(\.contact)),
            contacts.prefix(RegistrationInformation.maximumContacts).map { $0.contact.element(at: $0.asOf) })
    }

    private static func document(
        of resource: AddressOfRecord, _ state: RegistrationState, _ contacts: [XMLElement]
    ) -> [UInt8] {
        let uri = SIPURI(resource).description
        var registration = XMLElement(
            RegistrationNames.registration, children: contacts.map { .element($0) })
        registration[attribute: XMLName("aor")] = uri
        // RFC 3680 §5.1: the same in all documents of a subscription.
        registration[attribute: XMLName("id")] = Hex.encode(Digest.sha256(Array(uri.utf8)).prefix(10))
        registration[attribute: XMLName("state")] = state.rawValue
        return document(around: registration)
    }

    private static func document(around registration: XMLElement) -> [UInt8] {
        var writer = XMLWriter(scope: [XMLDeclaration(namespace: RegistrationNames.namespace)])
        writer.write(registration)
        return numbering.document("state=\"full\">\(String(decoding: writer.bytes, as: UTF8.self))</reginfo>\n")
    }

    /// Those who may not see everything learn whether the user is registered, and not where: contacts are addresses of
    /// devices and of the networks that they are in.
    package static func document(
        _ document: [UInt8], permittedBy permissions: PresencePermissions
    ) -> [UInt8]? {
        guard permissions != .everything else { return document }
        let limits = XMLLimits(size: document.count, depth: XMLLimits.standard.depth)
        guard
            var registration = try? XMLDocument(parsing: document, limits: limits).root.first(
                RegistrationNames.registration)
        else { return nil }
        registration.children = []
        return self.document(around: registration)
    }

    package static func document(_ document: [UInt8], version: UInt32) -> [UInt8] {
        numbering.numbered(document, version)
    }
}
