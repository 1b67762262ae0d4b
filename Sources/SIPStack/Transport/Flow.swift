import Primitives
import SIPMessages

/// The path that a message came over or is to leave by: transport, both ends and the connection.
///
/// RFC 5626 §2: a flow is the pair of ends of a UDP exchange, or one connection.
package struct Flow: Hashable, Sendable, CustomStringConvertible {
    package var transport: SIPTransport
    /// The listener that the message came in by; for an outgoing message the one it should leave from.
    package var local: Endpoint
    package var remote: Remote
    /// The shell's number of the connection; 0 for datagrams, for the overlay, and for "open or reuse one".
    package var connection: UInt64
    /// The SIP domain that the other end must prove to be, by its certificate (RFC 5922 §7.3); nil where nothing is
    /// asked of it: what it called us by, or an unencrypted transport.
    package var domain: String?

    package init(
        transport: SIPTransport, local: Endpoint, remote: Remote, connection: UInt64 = 0, domain: String? = nil
    ) {
        self.transport = transport
        self.local = local
        self.remote = remote
        self.connection = connection
        self.domain = domain
    }

    /// The way to a node through the overlay.
    package static func overlay(_ node: NodeID) -> Flow {
        Flow(transport: .overlay, local: Endpoint(address: .any, port: 0), remote: .node(node))
    }

    package var description: String { "\(transport.rawValue) \(remote)" }
}
