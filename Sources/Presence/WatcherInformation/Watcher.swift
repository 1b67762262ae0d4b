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

    init(parsing element: XMLElement, at now: Instant) throws(EventStateError) {
        let attribute = { (name: String) in element[attribute: XMLName(name)] }
        guard let id = attribute("id"), !id.isEmpty, !element.text.trimmed.isEmpty,
            let status = attribute("status").flatMap({ WatcherStatus(rawValue: $0) }),
            let event = attribute("event").flatMap({ WatcherEvent(rawValue: $0) })
        else { throw EventStateError("a watcher in no known state") }
        let span = { (name: String) in Interval.seconds(attribute(name).flatMap { UInt32($0) }.map { Int($0) } ?? 0) }
        self.init(
            id: id, uri: element.text.trimmed, displayName: attribute("display-name"),
            state: WatcherState(status, after: event), begun: now - span("duration-subscribed"),
            expires: now + span("expiration"))
    }

    /// Whether two lists tell the same, but for times that went by.
    static func areAlike(_ some: [Watcher], _ others: [Watcher]) -> Bool {
        some.elementsEqual(others) {
            $0.id == $1.id && $0.uri == $1.uri && $0.state == $1.state && $0.displayName == $1.displayName
        }
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
