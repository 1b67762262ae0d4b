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

    static let keys = HandshakeKeys(
        overlay: overlay, challenge: challenge, ephemeral: ephemeral, sessionID: initiatorSessionID)!
    private let now = Instant(secondsSince1970: 1)

    @Test func identities() {
        #expect(Self.initiator.publicKey.bytes == Vectors.initiatorKey)
        #expect(Self.initiator.nodeID.bits.bytes == Vectors.initiatorID)
        #expect(Self.responder.publicKey.bytes == Vectors.responderKey)
        #expect(Self.responder.publicKey.agreementKey?.bytes == Vectors.responderAgreement)
        #expect(Self.responder.agreement.publicKey.bytes == Vectors.responderAgreement)
    }

    @Test func checkedDatagrams() throws {
        #expect(Hello(nonce: Self.echo).encode(Self.check) == Vectors.hello)
        #expect(Self.challenge.encode(Self.check) == Vectors.challenge)
        #expect(UnknownSessionNotice(echo: Self.echo).encode(Self.check) == Vectors.notice)
        for datagram in [Vectors.hello, Vectors.challenge, Vectors.notice] { #expect(Self.check.isGood(datagram)) }
        #expect(try Challenge(decoding: Vectors.challenge) == Self.challenge)
        #expect(try Hello(decoding: Vectors.hello).nonce == Self.echo)
        #expect(try UnknownSessionNotice(decoding: Vectors.notice).echo == Self.echo)
        #expect(Vectors.hello.count == Vectors.challenge.count)
    }

    @Test func keySchedule() {
        #expect(Self.keys.transcript == Vectors.transcript)
        #expect(Self.keys.answerKey.bytes == Vectors.answerKey)
        let pair = Self.keys.sessionKeys(
            initiator: Self.initiator.publicKey, responderSessionID: Self.responderSessionID)
        #expect(pair.fromInitiator.bytes == Vectors.fromInitiator)
        #expect(pair.fromResponder.bytes == Vectors.fromResponder)
    }

    @Test func answer() throws {
        let signature = Self.initiator.signing.sign(Self.keys.proof(initiator: Self.initiator.publicKey))
        #expect(signature.bytes == Vectors.signature)
        let opened = Answer.Opened(
            key: Self.initiator.publicKey, incarnation: Self.initiatorIncarnation, signature: signature,
            frames: Self.answerFrames)
        let datagram = Answer.encode(
            to: Self.challenge, ephemeral: Self.ephemeral.publicKey, sessionID: Self.initiatorSessionID,
            opened: opened, keys: Self.keys)
        #expect(datagram == Vectors.answer)
        // The responder comes to the same keys from the other halves.
        let received = try Answer(decoding: Vectors.answer)
        let keys = try #require(
            HandshakeKeys(
                overlay: Self.overlay, answer: received, identity: Self.responder, prekey: Self.prekey))
        #expect(keys.transcript == Vectors.transcript)
        let read = try #require(received.open(keys))
        #expect(read.key == Self.initiator.publicKey && read.incarnation == Self.initiatorIncarnation)
        #expect(Array(read.frames) == Self.answerFrames)
        #expect(read.key.verify(read.signature, of: keys.proof(initiator: read.key)))
    }

    @Test func acceptanceAndRecord() throws {
        var responder = SecureSession(
            accepting: try Answer(decoding: Vectors.answer), keys: Self.keys, initiator: Self.initiator.publicKey,
            localID: Self.responderSessionID, at: now)
        let acceptance = responder.seal(Self.acceptanceFrames, incarnation: Self.responderIncarnation)
        #expect(acceptance == Vectors.acceptance)
        var initiator = SecureSession(
            keys: Self.keys, initiator: Self.initiator.publicKey, localID: Self.initiatorSessionID,
            responderID: Self.responderSessionID, at: now)
        let record = initiator.seal(Self.recordFrames, incarnation: Self.initiatorIncarnation)
        #expect(record == Vectors.record)
        let accepted = try initiator.open(Record(decoding: Vectors.acceptance), at: now)
        #expect(accepted.incarnation == Self.responderIncarnation)
        #expect(Array(accepted.frames) == Self.acceptanceFrames)
        let opened = try responder.open(Record(decoding: Vectors.record), at: now)
        #expect(opened.incarnation == nil && Array(opened.frames) == Self.recordFrames)
        #expect(responder.isConfirmed)
        #expect(throws: RecordRefusal.replayed) { try responder.open(Record(decoding: Vectors.record), at: now) }
    }
}
