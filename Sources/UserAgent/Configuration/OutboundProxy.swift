import Primitives
import SIPMessages
import SIPStack

/// The server that a user agent is set up with: its registrar, and the first hop of its requests (RFC 3261 §8.1.2).
package struct OutboundProxy: Hashable, Sendable, CustomStringConvertible {
    package var transport: SIPTransport
    package var endpoint: Endpoint

    package init(_ transport: SIPTransport, _ endpoint: Endpoint) {
        self.transport = transport
        self.endpoint = endpoint
    }

    var hop: NextHop { .address(transport, endpoint) }

    /// The value of a Route header field that leads through it.
    var route: String {
        var uri = SIPURI(endpoint, transport: transport == .udp ? nil : transport)
        uri.parameters.set("lr", nil)
        return "<\(uri)>"
    }

    package var description: String { "\(transport.rawValue):\(endpoint)" }
}
