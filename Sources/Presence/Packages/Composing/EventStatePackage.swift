import Primitives
import SIPMessages

/// An event package (RFC 6665 §7) whose state is composed of what several sources say of a resource: what of it is
/// published, and what is shown. A new package is one type of this kind and its case in ``EventPackage``.
package protocol EventStatePackage: Sendable {
    /// What one source says of a resource, taken apart.
    associatedtype State: Sendable

    /// The type of the documents, in NOTIFYs and in publications.
    static var documentType: MediaType { get }
    /// The type of documents with changes, in NOTIFYs and in publications; nil where there are none.
    static var partialType: MediaType? { get }
    /// What filters must leave in a document; nil where there are no filters.
    static var filterSchema: FilterSchema? { get }
    /// Who may subscribe.
    static var access: EventPackageAccess { get }
    /// Whether clients publish this state (RFC 3903); otherwise it only comes from the node itself.
    static var isPublished: Bool { get }

    /// Takes a published document apart.
    static func state(of document: [UInt8]) throws(EventStateError) -> State

    /// Takes apart what another node composed, which may be more than one client publishes.
    static func state(composedElsewhere document: [UInt8]) throws(EventStateError) -> State

    /// The whole state of a resource.
    /// - Parameter states: those of all sources, the freshest first; none when nothing is known, or when somebody is to
    ///   think so.
    static func document(of resource: AddressOfRecord, from states: [State]) -> [UInt8]

    /// What is left of a document for those who may not see everything; nil when nothing is.
    static func document(_ document: [UInt8], permittedBy permissions: PresencePermissions) -> [UInt8]?

    /// A document as the next one that a subscriber is sent: those of some packages are numbered for each subscription.
    /// - Parameter version: grows by one with each document of the subscription, from 0 on.
    static func document(_ document: [UInt8], version: UInt32) -> [UInt8]
}

extension EventStatePackage {
    package static var partialType: MediaType? { nil }
    package static var filterSchema: FilterSchema? { nil }

    package static func state(composedElsewhere document: [UInt8]) throws(EventStateError) -> State {
        try state(of: document)
    }

    package static func document(_ document: [UInt8], version: UInt32) -> [UInt8] { document }
}
