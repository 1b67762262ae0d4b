import Primitives
import SIPMessages

/// A socket that the shell listens on, and how others are told to reach it.
package struct SIPListener: Hashable, Sendable {
    package var transport: SIPTransport
    /// The address and port bound.
    package var endpoint: Endpoint
    /// The host written into Via and Record-Route instead of the address: a public name or address.
    package var advertisedHost: String?

    package init(_ transport: SIPTransport, _ endpoint: Endpoint, advertisedHost: String? = nil) {
        self.transport = transport
        self.endpoint = endpoint
        self.advertisedHost = advertisedHost
    }

    /// The host and port of Via's sent-by (RFC 3261 §18.1.1), always with the port; IPv6 in brackets.
    package var sentBy: String {
        if let advertisedHost { return "\(advertisedHost):\(endpoint.port)" }
        return endpoint.description
    }
}
