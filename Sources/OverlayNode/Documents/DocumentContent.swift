/// A document and where it is.
struct DocumentContent: Hashable, Sendable {
    /// As a ``DocumentSelector`` writes it.
    var path: String
    var bytes: [UInt8]

    /// The longest path, in bytes. What a record has beyond this and the wrapping is for the document.
    static let longestPath = 960
    /// The largest document that fits into a record beside the longest path; a larger one is kept in parts of this size.
    static let largestInRecord = 15 << 10
}
