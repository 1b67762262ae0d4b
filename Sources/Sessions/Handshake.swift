import Primitives

/// A handshake that this node began.
struct Handshake: Sendable {
    enum Phase: Sendable {
        /// The hello is on its way.
        case hello
        /// The challenge is answered; the acceptance is awaited.
        case answered(HandshakeKeys, datagram: [UInt8], at: Instant)
    }

    /// What the challenge must echo; the handshake's name.
    let echo: Echo
    let destination: Destination
    let endpoint: Endpoint
    /// The session ID by which the other side is to call us.
    let sessionID: UInt64
    let startedAt: Instant
    /// Whom it is with: known from the beginning, or since the challenge.
    var node: NodeID?
    var phase = Phase.hello
    /// How often the datagram of this phase was sent.
    var transmissions = 1
    /// Messages for a node whose key is not known yet; those for known nodes wait in their association.
    var queue: [QueuedMessage] = []

    init(
        echo: Echo, destination: Destination, endpoint: Endpoint, node: NodeID?, sessionID: UInt64, at now: Instant
    ) {
        self.echo = echo
        self.destination = destination
        self.endpoint = endpoint
        self.node = node
        self.sessionID = sessionID
        startedAt = now
    }
}
