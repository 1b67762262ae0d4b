import Primitives

/// The first datagram to a node of which nothing is known: it asks for a challenge and pays for it with its length.
///
/// Type, nonce (16), zeros, check (16): exactly as long as a challenge.
struct Hello: Sendable {
    static let length = Challenge.length

    let nonce: Echo

    func encode(_ check: DatagramCheck) -> [UInt8] {
        var bytes: [UInt8] = [DatagramType.hello.rawValue] + nonce.bytes
        bytes += [UInt8](repeating: 0, count: Self.length - DatagramCheck.length - bytes.count)
        return check.appending(to: bytes)
    }

    init(nonce: Echo) { self.nonce = nonce }

    /// - Parameter datagram: of the right type, and its check is good.
    init(decoding datagram: [UInt8]) throws(MalformedBytes) {
        guard datagram.count == Self.length else { throw MalformedBytes("a hello of another length") }
        var reader = ByteReader(datagram[1...])
        nonce = try Echo(reading: &reader)
    }
}
