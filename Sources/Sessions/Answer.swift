import Identity
import Primitives

/// The initiator's answer to a challenge: it proves the initiator's key and already carries its first frames.
///
/// In clear: type, echo (16), epoch (1), cookie (16), ephemeral key (32), the initiator's session ID (8). Sealed under
/// the answer key with counter 0, the clear part authenticated: ``Opened``'s fields.
struct Answer: Sendable {
    static let headerLength = 1 + 16 + 1 + 16 + 32 + 8
    static let minimumLength = headerLength + Opened.fixedLength + SymmetricKey.tagLength
    /// How many bytes of frames fit.
    static let room = Sessions.maximumDatagramLength - minimumLength

    /// What is inside the sealed part.
    struct Opened: Sendable {
        static let fixedLength = 32 + 8 + Signature.length

        let key: PublicSigningKey
        /// Distinguishes the initiator's present state about us from one that it lost.
        let incarnation: UInt64
        let signature: Signature
        let frames: ArraySlice<UInt8>

        init(key: PublicSigningKey, incarnation: UInt64, signature: Signature, frames: [UInt8]) {
            self.key = key
            self.incarnation = incarnation
            self.signature = signature
            self.frames = frames[...]
        }

        init(decoding bytes: [UInt8]) throws(MalformedBytes) {
            var reader = ByteReader(bytes)
            key = PublicSigningKey(try reader.take(32))!
            incarnation = try reader.uint64()
            signature = Signature(try reader.take(Signature.length))!
            frames = reader.rest
        }

        func encode() -> [UInt8] {
            var writer = ByteWriter(reserving: Self.fixedLength + frames.count)
            writer.append(key.bytes)
            writer.uint64(incarnation)
            writer.append(signature.bytes)
            writer.append(frames)
            return writer.bytes
        }
    }

    let echo: Echo
    let epoch: UInt8
    let cookie: Echo
    let ephemeral: PublicAgreementKey
    let sessionID: UInt64
    /// The clear part as it was received or is to be sent.
    let header: [UInt8]
    private let ciphertext: ArraySlice<UInt8>

    /// - Parameter datagram: of the right type.
    init(decoding datagram: [UInt8]) throws(MalformedBytes) {
        guard datagram.count >= Self.minimumLength else { throw MalformedBytes("an answer that is too short") }
        var reader = ByteReader(datagram[1...])
        echo = try Echo(reading: &reader)
        epoch = try reader.uint8()
        cookie = try Echo(reading: &reader)
        ephemeral = PublicAgreementKey(try reader.take(32))!
        sessionID = try reader.uint64()
        header = Array(datagram[..<Self.headerLength])
        ciphertext = datagram[Self.headerLength...]
    }

    /// Nil when the key is not the one it was sealed under, or it was changed.
    func open(_ keys: HandshakeKeys) -> Opened? {
        keys.answerKey.open(ciphertext, counter: 0, header: header).flatMap { try? Opened(decoding: $0) }
    }

    static func encode(
        to challenge: Challenge, ephemeral: PublicAgreementKey, sessionID: UInt64, opened: Opened, keys: HandshakeKeys
    ) -> [UInt8] {
        var writer = ByteWriter(reserving: headerLength)
        writer.uint8(DatagramType.answer.rawValue)
        writer.append(challenge.echo.bytes)
        writer.uint8(challenge.epoch)
        writer.append(challenge.cookie.bytes)
        writer.append(ephemeral.bytes)
        writer.uint64(sessionID)
        return keys.answerKey.seal(opened.encode(), counter: 0, header: writer.bytes)
    }
}
