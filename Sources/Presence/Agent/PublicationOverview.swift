import Primitives

/// A publication as its server's operator sees it. Its entity tag is left out: who knows it could change it.
package struct PublicationOverview: Sendable {
    package var resource: EventResource
    /// When its content was last set, in microseconds since 1970 or close to it.
    package var modified: Int64
    package var expires: Instant
    /// The document as it came.
    package var document: [UInt8]
}
