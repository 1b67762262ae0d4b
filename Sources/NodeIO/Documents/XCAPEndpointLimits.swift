import NIOCore

/// What an ``XCAPEndpoint`` grants to peers, who may be anybody.
package struct XCAPEndpointLimits: Sendable {
    /// Open connections in all: phones come seldom and leave soon.
    package var connections = min(1_024, FileDescriptorLimit.forConnections / 4)
    /// Connections from one address (one /64 of IPv6); many phones may share one behind a NAT.
    package var connectionsFromOneAddress = 64
    /// Requests that are being received or wait for their answer; each may hold a body.
    package var calls = 256
    /// Bytes of a request's body.
    package var body = 512 << 10
    /// Bytes of a request line or of one header field: a node selector can be long.
    package var headerField = 16 << 10
    /// Bytes of the request line and all header fields.
    package var header = 32 << 10
    /// Header fields of a request.
    package var headerFields = 100
    /// How long a connection may be without a request; also how long the handshake of TLS and a header may take.
    package var idleTime = TimeAmount.seconds(30)
    /// How long a request may take from the end of its header to the end of its body. Longer than ``answerTime``, since
    /// the next request of a pipeline waits for the answer to the one before.
    package var bodyTime = TimeAmount.seconds(60)
    /// How long a request may wait for its answer before it is told to come back.
    package var answerTime = TimeAmount.seconds(30)
    /// How long a peer may take to fetch an answer.
    package var sendTime = TimeAmount.seconds(30)
    /// How long requests under way get when the endpoint stops.
    package var stopTime = TimeAmount.seconds(2)

    package init() {}
}
