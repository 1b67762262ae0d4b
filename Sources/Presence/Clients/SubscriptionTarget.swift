import Primitives
import SIPMessages
import SIPStack

/// What a subscriber subscribes to, as whom and by which way.
package struct SubscriptionTarget: Hashable, Sendable {
    /// Whose state: Request-URI and To.
    package var resource: SIPURI
    /// Who subscribes: From.
    package var watcher: SIPURI
    /// The event package, with parameters if there are any.
    package var event: EventHeader
    /// Types of bodies that can be read, most wanted first.
    package var accept: [String]
    /// How long to ask for; zero fetches the state once (RFC 6665 §4.4.3).
    package var expires: Interval
    /// Where NOTIFYs are to be sent.
    package var contact: SIPURI
    /// Where all requests go first; nil lets them be sent by their Route and Request-URI.
    package var nextHop: NextHop?

    package init(
        resource: SIPURI, watcher: SIPURI, event: EventHeader = EventHeader(EventPackage.presence.rawValue),
        accept: [String] = [PIDF.contentType], expires: Interval = .seconds(3600), contact: SIPURI,
        nextHop: NextHop? = nil
    ) {
        self.resource = resource
        self.watcher = watcher
        self.event = event
        self.accept = accept
        self.expires = expires
        self.contact = contact
        self.nextHop = nextHop
    }
}
