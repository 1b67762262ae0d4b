/// Where in the overlay's 256-bit space a resource is stored: a hash of what names it.
@usableFromInline package struct ResourceID: Hashable, Comparable, Sendable, CustomStringConvertible {
    @usableFromInline package var bits: Bits256

    @inlinable package init(bits: Bits256) { self.bits = bits }

    @inlinable package static func < (a: ResourceID, b: ResourceID) -> Bool { a.bits < b.bits }

    @usableFromInline package var description: String { String(Base32.encode(bits.bytes).prefix(10)) }
}
