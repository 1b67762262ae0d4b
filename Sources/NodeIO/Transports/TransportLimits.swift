import NIOCore

/// What the SIP transports grant to peers, who may be anybody.
package struct TransportLimits: Sendable {
    /// Open connections in all, accepted and opened: fewer than the process may have files open, since a listener
    /// that can't accept for want of one is woken again and again.
    package var connections = min(16_384, FileDescriptorLimit.forConnections)
    /// Connections accepted from one address; many phones may share one behind a NAT.
    package var connectionsFromOneAddress = 4_096
    /// Connections that were opened, among these: who makes users call many places takes none from phones.
    package var openedConnections = 2_048
    /// How long an attempt to connect may take, and then the handshake of TLS. Less than Timer B and F (32 s, RFC 3261 §17.1), so that there is
    /// time left to try elsewhere.
    package var connectTime = TimeAmount.seconds(5)
    /// How long a connection may stay open before its first whole message, and with a message begun and unfinished.
    package var messageTime = TimeAmount.seconds(30)
    /// How long a connection may be silent: longer than a registration of an hour, since a phone behind a NAT can
    /// be called on no other connection (RFC 5626 §1).
    package var idleTime = TimeAmount.seconds(4_000)
    /// How long a connection that is being closed may take to send what is left.
    package var closeTime = TimeAmount.seconds(5)
    /// Bytes that may wait for a slow reader before its connection is closed; also while connecting.
    package var waitingBytes = 1 << 20

    package init() {}
}
