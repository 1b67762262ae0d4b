/// Why a datagram, or a part of one, was thrown away.
package enum DropReason: String, Hashable, Sendable, CaseIterable {
    /// Longer than 1,280 bytes.
    case tooLong
    /// Neither of the known types, or of a length that its type never has.
    case malformed
    /// The check over the overlay's ID fails: a node of another overlay, another version or a damaged datagram.
    case foreignOverlay
    /// Its address has sent too much that needs an answer.
    case rateLimited
    /// A record of a session that is not known here.
    case unknownSession
    /// An answer to a handshake that is not, or no longer, under way.
    case unknownHandshake
    /// The cookie is not one given to that address, or its time is over.
    case staleCookie
    /// The answer to a challenge was taken already.
    case usedCookie
    /// It can't be opened, or the signature in it is wrong.
    case forged
    /// It, or a later one than fits the window, was received before.
    case replayed
    /// An authenticated node sent frames that make no sense.
    case malformedFrame
    /// There is no room to reassemble another message now; its sender will repeat it.
    case reassemblyFull
}
