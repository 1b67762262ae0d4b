/// Why a message was not delivered.
package enum SessionFailure: String, Error, Hashable, Sendable {
    /// Nobody answered the handshake.
    case handshakeTimedOut
    /// Another node than the expected one answers at that endpoint.
    case wrongKey
    /// The endpoint is our own.
    case ownEndpoint
    /// The other side stopped acknowledging.
    case notAcknowledged
    /// The message was not acknowledged whole within its time, although the other side is there.
    case timedOut
    /// It is longer than its kind of delivery allows.
    case tooLong
    /// Too much is waiting for this destination, or for all of them together.
    case queueFull
    /// Too many handshakes are under way.
    case tooManyHandshakes
    /// The session was given up to make room, or because the caller forgot the node.
    case forgotten
}
