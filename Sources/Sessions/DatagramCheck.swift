import Identity
import Primitives

/// The ends of hello, challenge and notice: 16 bytes under a key that follows from the overlay's ID.
///
/// The key is no secret, so the check proves nothing about the sender. It keeps overlays and versions of the
/// protocol apart and finds damaged datagrams before anything is done for them.
struct DatagramCheck: Sendable {
    static let length = 16
    private let key: SymmetricKey

    init(overlay: OverlayID) { key = SymmetricKey(overlay.bytes).derived(context: "starling sessions 1") }

    func appending(to bytes: [UInt8]) -> [UInt8] { bytes + key.authenticationCode(of: bytes) }

    func isGood(_ datagram: [UInt8]) -> Bool {
        guard datagram.count >= Self.length else { return false }
        let border = datagram.count - Self.length
        return SymmetricKey.areEqual(
            key.authenticationCode(of: Array(datagram[..<border])), Array(datagram[border...]))
    }
}
