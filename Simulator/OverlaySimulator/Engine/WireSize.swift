import Kademlia

/// What messages cost on the wire, headers of sessions, UDP and IP included (docs/protocol.md §3).
enum WireSize {
    /// Record head, authentication tag and frame, then UDP and IPv4.
    private static let datagram = 17 + 16 + 4 + 28
    /// The frame of a fragment is longer by its number, index and count.
    private static let fragment = datagram + 10
    private static let fragmentBytes = 1_024
    private static let largestDatagram = 1_080
    /// The acknowledgement of a datagram of fragments.
    private static let acknowledgement = datagram + 13

    /// Hello, challenge, and what answer and acceptance have more than two records.
    static let handshake = 4 * 28 + 114 + 114 + (194 - 37) + (49 - 37)

    /// Bytes for a message, acknowledgements of its fragments included.
    static func bytes(of message: Message) -> Int {
        let size = message.encodedSize
        guard size > largestDatagram else { return size + datagram }
        let fragments = (size + fragmentBytes - 1) / fragmentBytes
        return size + fragments * (fragment + acknowledgement)
    }
}
