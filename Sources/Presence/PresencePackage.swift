import SIPMessages

/// What the event package "presence" says of itself (RFC 3856 §6).
package enum PresencePackage {
    /// RFC 3856 §6.1: the name in Event and Allow-Events.
    package static let name = "presence"

    /// The event packages that this agent serves, as Allow-Events lists them.
    package static let allowEvents = name

    /// Whether a watcher that accepts these types takes presence documents.
    ///
    /// RFC 3856 §6.5: without an Accept header field it does; with one, it must name the type, or a range that holds
    /// it (RFC 3261 §20.1).
    static func isAcceptable(_ ranges: [MediaType]?) -> Bool {
        let document = MediaType("application", "pidf+xml")
        return ranges?.contains { $0.accepts(document) } ?? true
    }
}
