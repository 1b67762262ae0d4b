/// A contact as a number: its place in a ``ContactDirectory``.
///
/// A routing table of hundreds of contacts, a message that names sixteen and a simulation of a million nodes are all
/// made of these; a ``Contact`` itself is 24 times as large. Two handles of one directory are equal exactly when their
/// contacts are.
@usableFromInline package struct ContactHandle: Hashable, Sendable {
    @usableFromInline package let index: UInt32

    @inlinable package init(index: UInt32) { self.index = index }
}
