import Primitives

/// What the SIP side asks of sockets and sessions.
package enum TransportAction: Hashable, Sendable {
    /// Sends one message. With connection 0 on a stream transport the shell reuses a connection to the remote
    /// or opens one; with another number it sends on that connection or reports ``TransportEvent/sendFailed(_:)``.
    case transmit([UInt8], on: Flow)
    /// Ends a connection, after what was handed over before has been sent.
    case close(Flow)
    /// Uses a connection that an authenticated server opened for what is sent to the port at which that server listens
    /// (RFC 5923 §5).
    case alias(Flow, port: UInt16)
    /// Ends the connection once nothing, not even a keep-alive, has come in by it for so long.
    case limitSilence(Flow, Interval)
}
