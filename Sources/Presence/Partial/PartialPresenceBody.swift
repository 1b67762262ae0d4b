import XMLTree

/// A document of the type `application/pidf-diff+xml` but for its version: every watcher that is told the same change at
/// the same time has its own number for it.
package struct PartialPresenceBody: Hashable, Sendable {
    private var head: [UInt8]
    private var tail: [UInt8]

    /// How long it is without the digits of the version.
    package var count: Int { head.count + tail.count }

    /// - Parameter root: an element without a version.
    init(_ root: XMLElement) {
        var root = root
        root.attributes.insert(XMLAttribute(PartialPresence.version, value: "0"), at: 0)
        let bytes = XMLDocument(root: root).serialized + "\n".utf8
        // It is the first such text: the XML declaration has another version, and where a quotation mark stands in the
        // value of a namespace declaration it is written as a reference.
        let mark = Array(" version=\"0\"".utf8)
        let start = (0..<bytes.count).first { bytes[$0...].starts(with: mark) } ?? 0
        head = Array(bytes[..<(start + mark.count - 2)])
        tail = Array(bytes[(start + mark.count - 1)...])
    }

    package func bytes(version: UInt32) -> [UInt8] { head + "\(version)".utf8 + tail }
}
