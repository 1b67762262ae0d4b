import SIPMessages

/// The event packages that a presence agent serves, by the names that Event header fields have for them.
package enum EventPackage: String, CaseIterable, Hashable, Sendable {
    /// What is published of a presentity (RFC 3856 §6).
    case presence
    /// Who watches a presentity (RFC 3857 §4, the template applied to presence).
    case watcherInformation = "presence.winfo"

    /// The calls of a user (RFC 4235 §3).
    case dialog
    /// The messages that wait for a user (RFC 3842 §3).
    case messageSummary = "message-summary"
    /// Where a user is registered (RFC 3680 §4).
    case registration = "reg"
    /// Changes of a user's XCAP documents (RFC 5875 §4).
    case documents = "xcap-diff"

    /// Those whose state is composed of what several sources say.
    static let composed = allCases.filter { $0.state != nil }

    /// How state is composed; nil where it isn't.
    var state: (any EventStatePackage.Type)? {
        switch self {
        case .presence: PresencePackage.self
        case .watcherInformation, .documents: nil
        case .dialog: DialogPackage.self
        case .messageSummary: MessageSummaryPackage.self
        case .registration: RegistrationPackage.self
        }
    }

    /// The type of the documents in its NOTIFYs.
    package var documentType: MediaType {
        if let state { return state.documentType }
        return self == .documents ? XCAPDiffDocument.documentType : WatcherInformation.documentType
    }

    /// RFC 3857 §6.2: who watches somebody is sensitive. It is for that somebody alone. So are their documents: RFC 5875
    /// §4.7 leaves out what a subscriber may not read, which is all of anybody else's.
    var access: EventPackageAccess { state?.access ?? .owner }

    /// Whether other nodes may know of it what this one does not. A user's documents are the same at all gateways.
    package var isElsewhere: Bool { self != .documents }

    /// Whether what is published of it is stored in the overlay as well, and known there when its node is gone.
    package var isStored: Bool { self == .presence }

    /// Whether a watcher that accepts these types takes the package's documents.
    ///
    /// RFC 3856 §6.5, RFC 3857 §4.5: without an Accept header field it does; with one, it must name the type, or a range
    /// that holds it (RFC 3261 §20.1).
    func isAcceptable(_ ranges: [MediaType]?) -> Bool {
        ranges?.contains { $0.accepts(documentType) } ?? true
    }
}
