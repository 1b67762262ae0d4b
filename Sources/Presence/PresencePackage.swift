import SIPMessages

/// The event packages that a presence agent serves.
package enum PresencePackage: String, CaseIterable, Sendable {
    /// What is published of a presentity (RFC 3856 §6).
    case presence
    /// Who watches a presentity (RFC 3857 §4, the template applied to presence).
    case watcherInformation = "presence.winfo"

    /// RFC 3856 §6.1: the name of presence in Event and Allow-Events.
    package static let name = presence.rawValue

    /// The event packages that the agent serves, as Allow-Events lists them.
    package static let allowEvents = allCases.map(\.rawValue).joined(separator: ", ")

    /// The type of the documents in its NOTIFYs.
    var contentType: String {
        switch self {
        case .presence: PIDF.contentType
        case .watcherInformation: WatcherInformation.contentType
        }
    }

    /// Whether a watcher that accepts these types takes the package's documents.
    ///
    /// RFC 3856 §6.5, RFC 3857 §4.5: without an Accept header field it does; with one, it must name the type, or a range
    /// that holds it (RFC 3261 §20.1).
    func isAcceptable(_ ranges: [MediaType]?) -> Bool {
        let document =
            switch self {
            case .presence: MediaType("application", "pidf+xml")
            case .watcherInformation: MediaType("application", "watcherinfo+xml")
            }
        return ranges?.contains { $0.accepts(document) } ?? true
    }
}
