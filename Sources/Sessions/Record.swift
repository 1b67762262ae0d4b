import Identity
import Primitives

/// A sealed datagram of a session, read as far as it is in clear.
///
/// A record: type, the receiver's session ID (8), counter (8), sealed frames. An acceptance, which the responder sends
/// until it has heard a record: type, the receiver's session ID (8), the responder's session ID (8), counter (8),
/// sealed incarnation (8) and frames. The clear part is authenticated.
struct Record: Sendable {
    static let headerLength = 1 + 8 + 8
    static let acceptanceHeaderLength = 1 + 8 + 8 + 8
    /// The shortest of all: sealed nothing.
    static let minimumLength = headerLength + SymmetricKey.tagLength
    /// How many bytes of frames fit in a record and in an acceptance.
    static let room = Sessions.maximumDatagramLength - minimumLength
    static let acceptanceRoom = room - (acceptanceHeaderLength - headerLength) - 8

    let receiverID: UInt64
    /// Only in an acceptance.
    let responderID: UInt64?
    let counter: UInt64
    let header: [UInt8]
    let ciphertext: ArraySlice<UInt8>

    /// - Parameter datagram: of type record or acceptance.
    init(decoding datagram: [UInt8]) throws(MalformedBytes) {
        let isAcceptance = datagram.first == DatagramType.acceptance.rawValue
        let headerLength = isAcceptance ? Self.acceptanceHeaderLength : Self.headerLength
        guard datagram.count >= headerLength + SymmetricKey.tagLength else {
            throw MalformedBytes("a record that is too short")
        }
        var reader = ByteReader(datagram[1...])
        receiverID = try reader.uint64()
        responderID = isAcceptance ? try reader.uint64() : nil
        counter = try reader.uint64()
        header = Array(datagram[..<headerLength])
        ciphertext = datagram[headerLength...]
    }

    /// What a challenge or a notice returns of it.
    var echo: Echo { Echo(high: receiverID, low: counter) }
}
