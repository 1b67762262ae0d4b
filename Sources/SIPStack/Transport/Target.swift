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
    /// The devices that are reached there, as their bindings name them (``Binding/instance``): one for a contact, several
    /// for another node.
    package var devices: [String]
    /// Whether a node may also have contacts that name no device.
    package var hasUnnamedDevices: Bool

    package init(
        requestURI: SIPURI, nextHop: NextHop?, preference: Int = 1_000, route: [String] = [], devices: [String] = [],
        hasUnnamedDevices: Bool = false
    ) {
        self.requestURI = requestURI
        self.nextHop = nextHop
        self.preference = preference
        self.route = route
        self.devices = devices
        self.hasUnnamedDevices = hasUnnamedDevices
    }

    /// The user agent at the other end of a flow that its registration elsewhere went by (RFC 5626 §5.3.1).
    init(requestURI: SIPURI, flow: Flow) {
        self.init(requestURI: requestURI, nextHop: .flow(flow), devices: [flow.description])
    }

    /// Whether this is the flow by which a device registered.
    var isFlowOfDevice: Bool {
        guard case .flow? = nextHop else { return false }
        return !devices.isEmpty
    }
}
