import Identity
import Primitives

/// What both sides compute in a handshake.
///
/// The secrets are X25519 between the initiator's ephemeral key and, first, the responder's prekey (forward secrecy:
/// both are erased soon) and, second, the responder's own key (only the responder can compute it). The initiator is
/// proven by its signature. The transcript binds all of it to the overlay and to both keys.
struct HandshakeKeys: Sendable {
    private static let purpose = Array("starling handshake 1".utf8)
    private static let proofPurpose = Array("starling initiator 1".utf8)

    let transcript: [UInt8]
    private let root: SymmetricKey

    /// The transcript: BLAKE2b-256 of the purpose, overlay ID, the challenge's echo, epoch, cookie, key and prekey, the
    /// initiator's ephemeral key and its session ID.
    private init(
        overlay: OverlayID, challenge: Challenge, ephemeral: PublicAgreementKey, sessionID: UInt64,
        prekeySecret: [UInt8], keySecret: [UInt8]
    ) {
        var writer = ByteWriter(reserving: 256)
        writer.append(Self.purpose)
        writer.append(overlay.bytes)
        writer.append(challenge.echo.bytes)
        writer.uint8(challenge.epoch)
        writer.append(challenge.cookie.bytes)
        writer.append(challenge.key.bytes)
        writer.append(challenge.prekey.bytes)
        writer.append(ephemeral.bytes)
        writer.uint64(sessionID)
        transcript = Hash.blake2b256(writer.bytes).bytes
        root = SymmetricKey(Hash.blake2b256(Self.purpose, transcript, prekeySecret, keySecret).bytes)
    }

    /// The initiator's side; nil when a key of the challenge is not one that secrets can be agreed with.
    init?(overlay: OverlayID, challenge: Challenge, ephemeral: AgreementKeyPair, sessionID: UInt64) {
        guard let key = challenge.key.agreementKey,
            let prekeySecret = ephemeral.sharedSecret(with: challenge.prekey),
            let keySecret = ephemeral.sharedSecret(with: key)
        else { return nil }
        self.init(
            overlay: overlay, challenge: challenge, ephemeral: ephemeral.publicKey, sessionID: sessionID,
            prekeySecret: prekeySecret, keySecret: keySecret)
    }

    /// The responder's side; nil when the initiator's ephemeral key has a small order.
    init?(overlay: OverlayID, answer: Answer, identity: NodeIdentity, prekey: AgreementKeyPair) {
        guard let prekeySecret = prekey.sharedSecret(with: answer.ephemeral),
            let keySecret = identity.agreement.sharedSecret(with: answer.ephemeral)
        else { return nil }
        let challenge = Challenge(
            echo: answer.echo, epoch: answer.epoch, cookie: answer.cookie, key: identity.publicKey,
            prekey: prekey.publicKey)
        self.init(
            overlay: overlay, challenge: challenge, ephemeral: answer.ephemeral, sessionID: answer.sessionID,
            prekeySecret: prekeySecret, keySecret: keySecret)
    }

    var answerKey: SymmetricKey { root.derived(context: "answer") }

    /// What the initiator signs.
    func proof(initiator: PublicSigningKey) -> [UInt8] { Self.proofPurpose + transcript + initiator.bytes }

    /// The keys of the two directions, bound to the initiator's key and the session ID that the responder chose.
    func sessionKeys(
        initiator: PublicSigningKey, responderSessionID: UInt64
    ) -> (fromInitiator: SymmetricKey, fromResponder: SymmetricKey) {
        var writer = ByteWriter(reserving: 64)
        writer.append("session".utf8)
        writer.append(initiator.bytes)
        writer.uint64(responderSessionID)
        let session = root.derived(context: writer.bytes)
        return (session.derived(context: "from initiator"), session.derived(context: "from responder"))
    }
}
