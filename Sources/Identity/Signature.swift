/// An Ed25519 signature: 64 bytes (RFC 8032 §5.1.6).
@usableFromInline package struct Signature: Hashable, Sendable, CustomStringConvertible {
    /// How many bytes a signature takes.
    @usableFromInline package static let length = 64

    @usableFromInline package let bytes: [UInt8]

    /// - Returns: nil unless there are exactly 64 bytes.
    @inlinable package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = Array(bytes)
    }

    @usableFromInline package var description: String { "signature" }
}
