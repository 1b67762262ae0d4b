import Identity
import Primitives
import SIPMessages

/// A message that waits for somebody who is away, as its sender's node seals it (docs/protocol.md §5.6).
struct MailboxMessage: Hashable, Sendable {
    private static let version: UInt8 = 1
    /// Bytes of a body that are kept: far more than people write, and a box of messages stays small.
    static let maximumBody = 8_192

    /// Who wrote it; the record is theirs.
    let sender: AddressOfRecord
    /// When it was sent, by the clock of the sender's node.
    let sent: Instant
    let contentType: String
    let body: [UInt8]

    init(sender: AddressOfRecord, sent: Instant, contentType: String, body: [UInt8]) {
        self.sender = sender
        self.sent = sent
        self.contentType = contentType
        self.body = body
    }

    /// What a MESSAGE says; nil when it has no content, or too much of it.
    init?(_ request: SIPMessage, from sender: AddressOfRecord, at now: Instant) {
        guard let contentType = request.value(.contentType)?.string, contentType.utf8.count <= 255,
            !request.body.isEmpty, request.body.count <= Self.maximumBody
        else { return nil }
        self.init(sender: sender, sent: now, contentType: contentType, body: Array(request.body))
    }

    /// - Returns: nil for a key to which nothing can be sealed.
    func seal(to recipient: PublicAgreementKey, random: inout RandomSource) -> [UInt8]? {
        var writer = ByteWriter(reserving: body.count + 300)
        writer.uint8(Self.version)
        writer.string16(sender.description)
        writer.instant(sent)
        writer.string16(contentType)
        writer.bytes16(body)
        return SealedBox.seal(writer.bytes, to: recipient, random: &random)
    }

    init(opening box: [UInt8], with keys: AgreementKeyPair) throws(MalformedBytes) {
        guard let bytes = SealedBox.open(box, with: keys) else { throw MalformedBytes("a message for somebody else") }
        var reader = ByteReader(bytes)
        guard try reader.uint8() == Self.version else { throw MalformedBytes("a message of an unknown version") }
        guard let sender = AddressOfRecord(try reader.string16()) else { throw MalformedBytes("no sender") }
        self.sender = sender
        sent = try reader.instant()
        contentType = try reader.string16()
        // It becomes a header field.
        guard contentType.utf8.allSatisfy({ $0 >= 32 && $0 < 127 }) else { throw MalformedBytes("no content type") }
        body = Array(try reader.bytes16())
        try reader.end()
    }

    /// The MESSAGE that brings it (RFC 3428 §5): it comes from its sender, and its Date says when it was sent.
    func request(to recipient: AddressOfRecord, random: inout RandomSource) -> SIPMessage {
        let target = SIPURI(recipient)
        return .request(
            .message, uri: target,
            headers: [
                (.maxForwards, "70"), (.from, "<\(SIPURI(sender))>;tag=\(random.token(12))"), (.to, "<\(target)>"),
                (.callID, random.token(24)), (.cseq, "1 MESSAGE"), (.date, SIPDate.text(sent)),
            ], body: body, contentType: contentType)
    }
}
