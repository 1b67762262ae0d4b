import XMLTree

/// What a client may make the server hold or walk through.
package struct XCAPLimits: Hashable, Sendable {
    /// The longest request URI below the root, path and query together, in bytes.
    package var uri: Int
    /// The most path segments after the AUID and the user.
    package var segments: Int
    /// The largest document, in bytes, and how deep its elements may be nested; a body is held to the same size.
    package var document: XMLLimits

    package init(uri: Int, segments: Int, document: XMLLimits) {
        self.uri = uri
        self.segments = segments
        self.document = document
    }

    /// A URI whose selector quotes another URI, escaped, is a few hundred bytes long.
    package static let standard = XCAPLimits(uri: 8 << 10, segments: 8, document: .standard)
}
