import Identity
import Primitives
import Testing

@testable import Sessions

/// Fixed inputs and what follows from them, byte for byte, so that another implementation of docs/protocol.md can
/// check itself. Inputs are runs of counting bytes; all outputs are in hex.
@Suite struct VectorTests {
    // The inputs.
    static let overlay = OverlayID(name: "example overlay")
    static let initiator = NodeIdentity(seed: run(0x00, 32))
    static let responder = NodeIdentity(seed: run(0x20, 32))
    static let ephemeral = AgreementKeyPair(secret: run(0x40, 32))
    static let prekey = AgreementKeyPair(secret: run(0x60, 32))
    static let echo = Echo(high: 0x8081_8283_8485_8687, low: 0x8889_8A8B_8C8D_8E8F)
    static let epoch: UInt8 = 7
    static let cookie = Echo(high: 0x9091_9293_9495_9697, low: 0x9899_9A9B_9C9D_9E9F)
    static let initiatorSessionID: UInt64 = 0xA0A1_A2A3_A4A5_A6A7
    static let responderSessionID: UInt64 = 0xB0B1_B2B3_B4B5_B6B7
    static let initiatorIncarnation: UInt64 = 0xC0C1_C2C3_C4C5_C6C7
    static let responderIncarnation: UInt64 = 0xD0D1_D2D3_D4D5_D6D7
    static let check = DatagramCheck(overlay: overlay)
    static let challenge = Challenge(
        echo: echo, epoch: epoch, cookie: cookie, key: responder.publicKey, prekey: prekey.publicKey)

    static func run(_ first: UInt8, _ count: Int) -> [UInt8] { (0..<count).map { first &+ UInt8($0) } }

    static func frames(_ all: Frame...) -> [UInt8] {
        var writer = ByteWriter()
        for frame in all { frame.encode(into: &writer) }
        return writer.bytes
    }

    /// In the answer: "request" as a datagram of channel 1. In the acceptance: message 0 has arrived. In the record:
    /// "record" as message 5 of channel 2, in one fragment.
    static let answerFrames = frames(.datagram(.kademlia, Array("request".utf8)[...]))
    static let acceptanceFrames = frames(.acknowledgement(Acknowledgement(number: 0, received: 1)))
    static let recordFrames = frames(
        .fragment(Fragment(channel: .sip, number: 5, index: 0, count: 1, bytes: Array("record".utf8)[...])))

    @Test func print1() throws {
        let p = { (n: String, b: [UInt8]) in print("VEC", n, Hex.encode(b)) }
        p("initiatorKey", Self.initiator.publicKey.bytes)
        p("initiatorID", Self.initiator.nodeID.bits.bytes)
        p("responderKey", Self.responder.publicKey.bytes)
        p("responderAgreement", Self.responder.publicKey.agreementKey!.bytes)
        p("hello", Hello(nonce: Self.echo).encode(Self.check))
        p("challenge", Self.challenge.encode(Self.check))
        p("notice", UnknownSessionNotice(echo: Self.echo).encode(Self.check))
        let keys = HandshakeKeys(
            overlay: Self.overlay, challenge: Self.challenge, ephemeral: Self.ephemeral,
            sessionID: Self.initiatorSessionID)!
        p("transcript", keys.transcript)
        p("answerKey", keys.answerKey.bytes)
        let sig = Self.initiator.signing.sign(keys.proof(initiator: Self.initiator.publicKey))
        p("signature", sig.bytes)
        let answer = Answer.encode(
            to: Self.challenge, ephemeral: Self.ephemeral.publicKey, sessionID: Self.initiatorSessionID,
            opened: Answer.Opened(
                key: Self.initiator.publicKey, incarnation: Self.initiatorIncarnation, signature: sig,
                frames: Self.answerFrames), keys: keys)
        p("answer", answer)
        let sk = keys.sessionKeys(
            initiator: Self.initiator.publicKey, responderSessionID: Self.responderSessionID)
        p("fromInitiator", sk.fromInitiator.bytes)
        p("fromResponder", sk.fromResponder.bytes)
        let now = Instant(secondsSince1970: 1)
        var r = SecureSession(
            accepting: try Answer(decoding: answer), keys: keys, initiator: Self.initiator.publicKey,
            localID: Self.responderSessionID, at: now)
        let acc = r.seal(Self.acceptanceFrames, incarnation: Self.responderIncarnation)
        p("acceptance", acc)
        var i = SecureSession(
            keys: keys, initiator: Self.initiator.publicKey, localID: Self.initiatorSessionID,
            responderID: Self.responderSessionID, at: now)
        p("record", i.seal(Self.recordFrames, incarnation: 0))
    }
}
