import Primitives
import SIPStack

extension OverlayNode {
    /// What can happen to a node.
    package enum Event: Sendable {
        /// Sockets are bound: join the overlay and serve.
        case start
        /// A datagram came in on the overlay's socket.
        case overlayDatagram([UInt8], from: Endpoint)
        /// What the DNS says to ``Action/query(_:)``.
        case answered(DNSQuestion, DNSAnswer)
        /// Something came in on a SIP socket, or happened to one.
        case sip(TransportEvent)
        /// The share of the time since the last such event for which whoever drives this node was busy, from 0 to 1.
        case load(Double)
        case command(CommandID, Command)
        /// Nobody listens to the replies of this command any more.
        case cancel(CommandID)
        /// An HTTP request below the XCAP root; ``Action/xcapAnswer(_:_:)`` answers it, sooner or later.
        case xcap(XCAPCallID, XCAPCall)
        /// ``OverlayNode/nextDeadline`` has come.
        case wake
        /// Say good-bye; ``Action/stopped`` follows within three seconds.
        case stop
    }
}
