/// Of which XCAP resources somebody wants to hear, as the body of a SUBSCRIBE lists them (RFC 5875 §4.4).
package struct XCAPDiffRequest: Hashable, Sendable {
    /// A client with all its documents names a handful; each change is compared with every one.
    package static let maximumSelections = 64
    /// Bytes of a URI.
    static let maximumLength = 2_048
    /// Bytes of all URIs: they are kept with the subscription.
    static let maximumSize = 16 << 10

    /// What the URIs of the entries say, octet by octet, each once: documents, components of them, and collections. They
    /// are relative to the XCAP root or absolute.
    package let uris: [String]

    /// - Parameter uris: those of a request that was read before.
    init(uris: [String]) { self.uris = uris }
}
