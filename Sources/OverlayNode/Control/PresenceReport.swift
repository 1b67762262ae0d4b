import Presence
import Primitives

/// A presentity's state as a watcher at this node would see it.
package struct PresenceReport: Codable, Hashable, Sendable {
    package var addressOfRecord: String
    /// The state is open when at least one tuple is (RFC 3863 §4.1.4).
    package var isOpen: Bool
    package var notes: [String]
    /// The composed PIDF document.
    package var document: String

    /// - Parameter documents: one or more, the freshest first; those that can't be read are left out.
    init(_ addressOfRecord: AddressOfRecord, composing documents: [[UInt8]]) {
        let sources = documents.compactMap { try? PresenceDocument(parsing: $0) }
        self.init(addressOfRecord, document: Composition.document(of: addressOfRecord, from: sources))
    }

    init(_ addressOfRecord: AddressOfRecord, document: [UInt8]) {
        let parsed = try? PresenceDocument(parsing: document)
        self.addressOfRecord = addressOfRecord.description
        isOpen = parsed?.basic == .open
        notes = parsed?.note.map { [$0] } ?? []
        self.document = String(decoding: document, as: UTF8.self)
    }
}
