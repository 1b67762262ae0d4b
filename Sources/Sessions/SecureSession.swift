import Identity
import Primitives

/// The keys that two nodes agreed in one handshake, and what was sent and received under them.
struct SecureSession: Sendable {
    /// What the other side writes at the head of its records, and what it wants at the head of ours.
    let localID: UInt64
    let remoteID: UInt64
    /// Whether this node began the handshake.
    let isInitiator: Bool
    let establishedAt: Instant
    /// The cookie of the answer by which a responder's session came to be.
    let cookie: Echo?
    /// Whether the other side is known to have the keys: a responder says its session ID until then.
    private(set) var isConfirmed: Bool
    private(set) var lastHeard: Instant
    /// The counter of the next record; never used twice.
    private(set) var sendCounter: UInt64 = 0
    private var received = ReplayWindow()
    private let sendKey: SymmetricKey
    private let receiveKey: SymmetricKey

    /// The initiator's side, when an acceptance has named the responder's session ID.
    init(keys: HandshakeKeys, initiator: PublicSigningKey, localID: UInt64, responderID: UInt64, at now: Instant) {
        let pair = keys.sessionKeys(initiator: initiator, responderSessionID: responderID)
        sendKey = pair.fromInitiator
        receiveKey = pair.fromResponder
        self.localID = localID
        remoteID = responderID
        isInitiator = true
        isConfirmed = true
        cookie = nil
        establishedAt = now
        lastHeard = now
    }

    /// The responder's side, when an answer proved the initiator.
    init(
        accepting answer: Answer, keys: HandshakeKeys, initiator: PublicSigningKey, localID: UInt64, at now: Instant
    ) {
        let pair = keys.sessionKeys(initiator: initiator, responderSessionID: localID)
        sendKey = pair.fromResponder
        receiveKey = pair.fromInitiator
        self.localID = localID
        remoteID = answer.sessionID
        isInitiator = false
        isConfirmed = false
        cookie = answer.cookie
        establishedAt = now
        lastHeard = now
    }

    /// How many bytes of frames fit in the next record.
    var room: Int { isConfirmed ? Record.room : Record.acceptanceRoom }

    /// The next record, or acceptance, with these frames.
    mutating func seal(_ frames: [UInt8], incarnation: UInt64) -> [UInt8] {
        precondition(frames.count <= room, "frames that do not fit in a record")
        var header = ByteWriter(reserving: Record.acceptanceHeaderLength)
        header.uint8((isConfirmed ? DatagramType.record : .acceptance).rawValue)
        header.uint64(remoteID)
        if !isConfirmed { header.uint64(localID) }
        header.uint64(sendCounter)
        var plaintext = frames
        if !isConfirmed {
            var prefixed = ByteWriter(reserving: 8 + frames.count)
            prefixed.uint64(incarnation)
            prefixed.append(frames)
            plaintext = prefixed.bytes
        }
        let datagram = sendKey.seal(plaintext, counter: sendCounter, header: header.bytes)
        sendCounter += 1
        return datagram
    }

    /// What an opened record says.
    struct Opened: Sendable {
        /// The responder's, in an acceptance.
        let incarnation: UInt64?
        let frames: ArraySlice<UInt8>
        /// Whether it is the latest of all so far, and not one that was overtaken.
        let isLatest: Bool
    }

    /// Opens a record and remembers that it was received. Nothing is remembered of one that is not genuine.
    mutating func open(_ record: Record, at now: Instant) throws(RecordRefusal) -> Opened {
        if let responderID = record.responderID, !isInitiator || responderID != remoteID { throw .forged }
        guard !received.contains(record.counter) else { throw .replayed }
        guard let plaintext = receiveKey.open(record.ciphertext, counter: record.counter, header: record.header)
        else { throw .forged }
        let isLatest = record.counter >= received.end
        _ = received.insert(record.counter)
        lastHeard = now
        isConfirmed = true
        guard record.responderID != nil else {
            return Opened(incarnation: nil, frames: plaintext[...], isLatest: isLatest)
        }
        var reader = ByteReader(plaintext)
        guard let incarnation = try? reader.uint64() else { throw .forged }
        return Opened(incarnation: incarnation, frames: reader.rest, isLatest: isLatest)
    }
}
