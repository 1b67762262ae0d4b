/// A document as it is kept: its bytes and the tag that names just these.
package struct StoredDocument: Hashable, Sendable {
    package var bytes: [UInt8]
    package var tag: EntityTag

    package init(bytes: [UInt8], tag: EntityTag) {
        self.bytes = bytes
        self.tag = tag
    }
}
