import Identity
import Primitives
import SIPMessages

/// The body of a NOTIFY to the node of one watcher: what the watcher may see, and the key of what they may see in records.
///
/// It needs no seal of its own: it goes within the session to the node whose watcher proved to be there.
package struct VariantNotification: Sendable {
    package static let contentType = "application/vnd.starling.variant"
    private static let version: UInt8 = 1

    package var key: VariantKey
    package var document: [UInt8]

    package init(key: VariantKey, document: [UInt8]) {
        self.key = key
        self.document = document
    }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        guard try reader.uint8() == Self.version else { throw MalformedBytes("a notification of another version") }
        key = VariantKey(SymmetricKey(Array(try reader.take(SymmetricKey.length))))
        guard let document = PaddedDocument.decode(Array(try reader.take(reader.remaining))) else {
            throw MalformedBytes("a document without an end")
        }
        self.document = document
    }

    package func encode() -> [UInt8] {
        var writer = ByteWriter()
        writer.uint8(Self.version)
        writer.append(key.bytes)
        writer.append(PaddedDocument.encode(document))
        return writer.bytes
    }

    /// The request with this in place of the bare document; one that carries none stays as it is.
    package static func wrap(_ request: SIPMessage, key: VariantKey) -> SIPMessage {
        guard !request.body.isEmpty else { return request }
        let body = VariantNotification(key: key, document: Array(request.body)).encode()
        return request.editing { edit in
            edit.setBody(body)
            edit.set(.contentType, contentType)
        }
    }
}
