/// How a message travels: the transport parameter of a URI and the last part of a Via's sent-protocol.
package enum SIPTransport: String, Hashable, Sendable, CaseIterable {
    case udp, tcp, tls, ws, wss
    /// SIP inside an encrypted session between two nodes of the overlay.
    case overlay

    /// - Parameter text: a transport in any case.
    package init?(_ text: some StringProtocol) { self.init(rawValue: text.lowercased()) }

    /// Whether the transport delivers or says that it could not, so that no transaction retransmits over it
    /// (RFC 3261 §17.1.1.2).
    package var isReliable: Bool { self != .udp }

    /// Whether nobody between both ends can read along.
    package var isEncrypted: Bool { self == .tls || self == .wss || self == .overlay }

    /// Whether messages are parted by their Content-Length (RFC 3261 §18.3).
    package var isStream: Bool { self == .tcp || self == .tls }

    /// The port of a URI without one (RFC 3261 §19.1.2, RFC 7118 §5.5).
    package var defaultPort: UInt16 {
        switch self {
        case .udp, .tcp, .overlay: 5060
        case .tls: 5061
        case .ws: 80
        case .wss: 443
        }
    }

    /// As a Via's sent-protocol writes it: `UDP`.
    package var viaName: String { rawValue.uppercased() }
}
