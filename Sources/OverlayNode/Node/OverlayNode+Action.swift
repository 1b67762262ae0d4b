import Primitives
import SIPStack

extension OverlayNode {
    /// What a node wants done, in this order: an entry that was persisted is on disk before a later datagram leaves.
    package enum Action: Sendable {
        case overlayTransmit([UInt8], to: Endpoint)
        case sip(TransportAction)
        /// Asks the DNS; ``Event/answered(_:_:)`` answers it, sooner or later.
        case query(DNSQuestion)
        case persist(JournalEntry)
        case forget(JournalRoom, key: [UInt8])
        /// More replies to the same command may follow unless `isLast`.
        case reply(CommandID, Reply, isLast: Bool)
        /// The answer to an XCAP request; each gets one.
        case xcapAnswer(XCAPCallID, XCAPAnswer)
        case observe(Observation)
        /// The node has said good-bye: nothing more will come.
        case stopped
    }
}
