/// A name as it is written: a local part and perhaps a prefix (Namespaces in XML 1.0 §4).
package struct QualifiedName: Hashable, Sendable {
    /// Empty for none.
    package let prefix: String
    package let local: String

    /// - Returns: nil when `text` is not of the grammar `QName`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ Self.isUnprefixed($0) }) else { return nil }
        prefix = parts.count == 2 ? String(parts[0]) : ""
        local = String(parts[parts.count - 1])
    }

    /// Whether `text` is an `NCName`, a name without a colon.
    package static func isUnprefixed(_ text: some StringProtocol) -> Bool {
        guard let first = text.unicodeScalars.first, isStart(first) else { return false }
        return text.unicodeScalars.allSatisfy { isStart($0) || isFollower($0) }
    }

    /// `NameStartChar` of XML 1.0 §2.3 without the colon.
    private static func isStart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF,
            0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD,
            0x10000...0xEFFFF:
            true
        default: false
        }
    }

    /// What `NameChar` of XML 1.0 §2.3 adds to it.
    private static func isFollower(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2D, 0x2E, 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
        default: false
        }
    }
}
