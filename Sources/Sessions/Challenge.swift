import Identity
import Primitives

/// What a node answers to a datagram that it can't place. Making it costs two hashes and keeps nothing.
///
/// Type, echo (16), epoch (1), cookie (16), the node's signing key (32), its prekey (32), check (16).
struct Challenge: Sendable, Hashable {
    static let length = 1 + 16 + 1 + 16 + 32 + 32 + DatagramCheck.length

    /// What it answers.
    let echo: Echo
    /// Which of the node's short-lived secrets it was made with.
    let epoch: UInt8
    /// Proves, when it comes back, that the sender receives at the address it claims.
    let cookie: Echo
    let key: PublicSigningKey
    /// The node's short-lived share of the key agreement.
    let prekey: PublicAgreementKey

    init(echo: Echo, epoch: UInt8, cookie: Echo, key: PublicSigningKey, prekey: PublicAgreementKey) {
        self.echo = echo
        self.epoch = epoch
        self.cookie = cookie
        self.key = key
        self.prekey = prekey
    }

    func encode(_ check: DatagramCheck) -> [UInt8] {
        var writer = ByteWriter(reserving: Self.length)
        writer.uint8(DatagramType.challenge.rawValue)
        writer.append(echo.bytes)
        writer.uint8(epoch)
        writer.append(cookie.bytes)
        writer.append(key.bytes)
        writer.append(prekey.bytes)
        return check.appending(to: writer.bytes)
    }

    /// - Parameter datagram: of the right type, and its check is good.
    init(decoding datagram: [UInt8]) throws(MalformedBytes) {
        guard datagram.count == Self.length else { throw MalformedBytes("a challenge of another length") }
        var reader = ByteReader(datagram[1...])
        echo = try Echo(reading: &reader)
        epoch = try reader.uint8()
        cookie = try Echo(reading: &reader)
        key = PublicSigningKey(try reader.take(32))!
        prekey = PublicAgreementKey(try reader.take(32))!
    }
}
