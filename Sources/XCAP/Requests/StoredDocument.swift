/// A document as it is kept: its bytes and the tag that names just these.
package struct StoredDocument: Hashable, Sendable {
    /// As the client sent them, edits put in.
    package var bytes: [UInt8]
    /// Made by ``XCAPServer/entityTag(of:)``.
    package var tag: EntityTag

    package init(bytes: [UInt8], tag: EntityTag) {
        self.bytes = bytes
        self.tag = tag
    }
}
