import Primitives
import SIPMessages

/// What of a URI says which server is meant (RFC 3263 §4).
package struct ServerName: Hashable, Sendable, CustomStringConvertible {
    /// RFC 3263 §4: TARGET, the `maddr` parameter if there is one, else the host; in lower case, no dot at the end.
    package let host: String
    package let port: UInt16?
    /// The transport that the URI asks for; nil when it leaves the choice.
    package let transport: SIPTransport?
    /// Whether the scheme is sips: then nothing but TLS will do (RFC 3261 §26.2.2).
    package let isSecure: Bool

    /// - Returns: nil for a URI of another scheme, or one that asks for what servers can't be called by.
    package init?(_ uri: SIPURI) {
        guard uri.isSIP else { return nil }
        let named = uri.parameter("transport").map { SIPTransport($0) }
        // A transport that is not known here, or by which only clients call.
        if case .some(let transport) = named {
            guard let transport, [.udp, .tcp, .tls].contains(transport) else { return nil }
            // RFC 3261 §26.2.2: a SIPS URI can't be served by a datagram.
            guard uri.scheme != .sips || transport != .udp else { return nil }
        }
        let target = uri.parameter("maddr") ?? uri.host
        let lower = target.lowercased()
        let host = lower.hasSuffix(".") ? String(lower.dropLast()) : lower
        guard !host.isEmpty, host.utf8.count <= 253 else { return nil }
        self.host = host
        port = uri.port
        isSecure = uri.scheme == .sips
        transport = isSecure ? (named == nil ? nil : .tls) : named ?? nil
    }

    package var description: String { port.map { "\(host):\($0)" } ?? host }
}
