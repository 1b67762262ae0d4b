import Primitives
import XMLTree

/// A subscription as watcher information lists it (RFC 3858 §3).
package struct Watcher: Hashable, Sendable {
    /// What tells it from the presentity's other subscriptions; a token.
    package var id: String
    /// Who watches: the authenticated address of record where there is one.
    package var uri: String
    /// What the watcher calls itself; nil when it doesn't say.
    package var displayName: String?
    /// How things stand with it, and since which event.
    package var state: WatcherState
    /// When the subscription came.
    package var begun: Instant
    /// When it ends if nothing else happens.
    package var expires: Instant

    package init(
        id: String, uri: String, displayName: String? = nil, state: WatcherState, begun: Instant, expires: Instant
    ) {
        self.id = id
        self.uri = uri
        self.displayName = displayName
        self.state = state
        self.begun = begun
        self.expires = expires
    }

    func element(at now: Instant) -> XMLElement {
        var element = XMLElement(WatcherInformation.watcher)
        let set = { (name: String, value: String) in element[attribute: XMLName(name)] = value }
        set("id", id)
        set("status", state.status.rawValue)
        set("event", state.event.rawValue)
        if let displayName { set("display-name", displayName) }
        // RFC 3858 §3: in seconds from now. What ended does not expire.
        if state.status != .terminated { set("expiration", "\((expires - now).secondsRoundedUp)") }
        set("duration-subscribed", "\((now - begun).secondsRoundedUp)")
        element.append(text: uri)
        return element
    }
}
