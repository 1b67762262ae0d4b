/// How large the parts of a record may be (docs/protocol.md §4.3).
package enum RecordLimits {
    /// A presence document or a list of a few hundred buddies fits; a picture does not belong here.
    package static let valueBytes = 16_384
    /// A path of an XCAP document, or a node ID.
    package static let keyBytes = 512
    /// A user part as long as an ``AddressOfRecord`` allows.
    package static let nameBytes = 255
    /// All parts together, rounded up.
    package static let encodedBytes = 20_480
}
