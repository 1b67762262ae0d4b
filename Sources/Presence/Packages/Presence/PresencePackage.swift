import Primitives
import SIPMessages

/// Presence (RFC 3856) with documents in PIDF (RFC 3863).
package enum PresencePackage: EventStatePackage {
    package static let documentType = MediaType("application", "pidf+xml")
    package static let access = EventPackageAccess.rules
    package static let isPublished = true

    package static func state(of document: [UInt8]) throws(EventStateError) -> PresenceDocument {
        try state(of: document, maximumElements: PresenceDocument.maximumElements)
    }

    package static func state(composedElsewhere document: [UInt8]) throws(EventStateError) -> PresenceDocument {
        try state(of: document, maximumElements: Composition.maximumElements)
    }

    private static func state(
        of document: [UInt8], maximumElements: Int
    ) throws(EventStateError) -> PresenceDocument {
        do {
            return try PresenceDocument(parsing: document, maximumElements: maximumElements)
        } catch {
            throw EventStateError("\(error)")
        }
    }

    package static func document(of resource: AddressOfRecord, from states: [PresenceDocument]) -> [UInt8] {
        Composition.document(of: resource, from: states)
    }

    package static func document(_ document: [UInt8], permittedBy permissions: PresencePermissions) -> [UInt8]? {
        permissions.filtered(document)
    }
}
