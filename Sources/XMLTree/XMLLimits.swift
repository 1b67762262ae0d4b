/// How large a document may be before it is refused.
package struct XMLLimits: Hashable, Sendable {
    /// In bytes.
    package var size: Int
    /// How many elements may be open at once.
    package var depth: Int

    package init(size: Int, depth: Int) {
        self.size = size
        self.depth = depth
    }

    /// The deepest presence, list and rule documents that are known nest eight to twelve elements; 64 leaves room
    /// for extensions, and 256 KiB for a resource list of a thousand entries.
    package static let standard = XMLLimits(size: 256 << 10, depth: 64)
}
