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

extension [SIPListener] {
    /// The listener that a request to `remote` leaves from: of the same transport and family of addresses, and on
    /// loopback exactly when the remote is.
    func best(for transport: SIPTransport, to remote: IPAddress) -> SIPListener? {
        var best: (score: Int, listener: SIPListener)?
        for listener in self where listener.transport == transport {
            let own = listener.endpoint.address
            var score = 0
            if own.isV4 == remote.isV4 { score += 2 }
            if own.isUnspecified || own.isLoopback == remote.isLoopback { score += 1 }
            if score > best?.score ?? -1 { best = (score, listener) }
        }
        return best?.listener
    }
}
