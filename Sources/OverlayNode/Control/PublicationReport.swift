import Presence
import Primitives

/// What a phone published at a node. Times are whole seconds since 1970.
package struct PublicationReport: Codable, Hashable, Sendable {
    /// The event package.
    package var package: String
    /// When its content was last set.
    package var modified: UInt64
    package var expires: UInt64
    /// The document as it came.
    package var document: String

    init(_ publication: PublicationOverview) {
        package = publication.resource.package.rawValue
        modified = UInt64(clamping: publication.modified / 1_000_000)
        expires = publication.expires.secondsSince1970
        document = String(decoding: publication.document, as: UTF8.self)
    }
}
