import Primitives
import SIPMessages

/// One place where a server of a domain can be reached: what RFC 3263 makes of a name.
package struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    package var transport: SIPTransport
    package var endpoint: Endpoint
    /// The name that was looked for: whom a server must prove to be over TLS (RFC 5922 §7.3), whatever names of hosts
    /// the DNS gave on the way.
    package var domain: String

    package init(_ transport: SIPTransport, _ endpoint: Endpoint, domain: String) {
        self.transport = transport
        self.endpoint = endpoint
        self.domain = domain
    }

    package var description: String { "\(transport.rawValue):\(endpoint)" }
}
