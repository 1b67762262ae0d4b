import Primitives
import SIPMessages

/// Where the responses to a request go (RFC 3261 §18.2.2, RFC 3581 §4).
struct ReplyPath: Sendable {
    let flow: Flow
    /// Where they go once the connection that the request came over is closed.
    let fallback: Flow?

    /// - Parameters:
    ///   - via: the request's top Via as it was received.
    ///   - source: the flow that the request came over.
    init(via: Via, source: Flow) {
        guard case .endpoint(let remote) = source.remote else {
            flow = source
            fallback = nil
            return
        }
        let sentByPort = via.port ?? source.transport.defaultPort
        if source.transport.isReliable {
            // RFC 3261 §18.2.2, first bullet: the connection that the request came over; once that is closed, one
            // to the address it came from at the port of sent-by.
            flow = source
            fallback = Flow(
                transport: source.transport, local: source.local,
                remote: .endpoint(Endpoint(address: remote.address, port: sentByPort)), domain: source.domain)
            return
        }
        // RFC 3581 §4: with rport the response goes back to the very port, and leaves from where the request arrived.
        // RFC 3261 §18.2.2: without it to the source address at the port of sent-by. A unicast maddr is not
        // followed: it would let a stranger aim our responses at others.
        let port = via.requestsPort ? remote.port : sentByPort
        flow = Flow(
            transport: source.transport, local: source.local,
            remote: .endpoint(Endpoint(address: remote.address, port: port)))
        fallback = nil
    }
}
