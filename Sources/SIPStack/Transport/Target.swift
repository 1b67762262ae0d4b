import Primitives
import SIPMessages

/// One place to which a request can be forwarded (RFC 3261 §16.5).
package struct Target: Hashable, Sendable {
    /// What the Request-URI becomes: a contact, or for another node the address of record itself.
    package var requestURI: SIPURI
    /// Where the request goes; nil to let `route`, or the URI's own numeric host, say so.
    package var nextHop: NextHop?
    /// The preference in thousandths, 0 to 1,000: q = 0.7 is 700.
    package var preference: Int
    /// Route header field values to put in front of the request's own (a Path, RFC 3327 §5.3).
    package var route: [String]

    package init(requestURI: SIPURI, nextHop: NextHop?, preference: Int = 1_000, route: [String] = []) {
        self.requestURI = requestURI
        self.nextHop = nextHop
        self.preference = preference
        self.route = route
    }
}
