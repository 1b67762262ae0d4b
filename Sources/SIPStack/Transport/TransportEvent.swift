import SIPMessages

/// What the shell's sockets, or the overlay's sessions, tell the SIP side.
package enum TransportEvent: Sendable {
    /// One datagram, or one message framed out of a stream.
    case received([UInt8], on: Flow)
    /// A stream that can't be framed any more; the bytes are what could be read of the broken message.
    case framingFailed([UInt8], on: Flow, SIPParseError)
    /// A connection ended, by whichever side.
    case closed(Flow)
    /// What was handed over for `Flow` could not be sent: no connection, ICMP error, no session.
    case sendFailed(Flow)
    /// This one message was not taken for `Flow`, because too much waits there already; the path itself is good.
    case unsent([UInt8], on: Flow)
}
