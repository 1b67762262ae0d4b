/// What an asking node knows already and need not be told: marks of up to sixteen contacts. It lies in place, as
/// ``ContactList`` does.
///
/// The marks depend on a salt that is chosen anew for each question. Otherwise somebody could find a key whose node bears
/// the mark of another, and nobody who knows the one would ever hear of the other.
package struct KnownContacts: Sendable, Hashable {
    /// Part of every mark.
    package let salt: UInt32
    private var marks = InlineArray<16, UInt16>(repeating: 0)
    private var length: UInt8 = 0

    package init(salt: UInt32) { self.salt = salt }

    /// Nobody is known.
    package static var none: KnownContacts { KnownContacts(salt: 0) }

    package var count: Int { Int(length) }

    subscript(index: Int) -> UInt16 {
        precondition(index < length, "no such mark")
        return marks[index]
    }

    /// Appends a mark, for which there must be room.
    mutating func append(mark: UInt16) {
        precondition(length < 16, "a question has at most sixteen marks")
        marks[Int(length)] = mark
        length += 1
    }

    /// Appends the mark of a node, for which there must be room.
    ///
    /// - Parameter head: the first 64 bits of the node's ID.
    mutating func append(head: UInt64) { append(mark: mark(ofHead: head)) }

    /// Whether a node may be one of these; about one in four thousand that is not seems so as well.
    ///
    /// - Parameter head: the first 64 bits of the node's ID.
    func mayContain(head: UInt64) -> Bool {
        let sought = mark(ofHead: head)
        for index in 0..<Int(length) where marks[index] == sought { return true }
        return false
    }

    /// A multiplication by an odd number (2⁶⁴ divided by the golden ratio) lets every bit of the ID and of the salt count
    /// in the product's upper sixteen.
    private func mark(ofHead head: UInt64) -> UInt16 {
        let salted = head ^ (UInt64(salt) << 32 | UInt64(salt))
        return UInt16(truncatingIfNeeded: (salted &* 0x9E37_79B9_7F4A_7C15) >> 48)
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.salt == b.salt && a.length == b.length && (0..<a.count).allSatisfy { a.marks[$0] == b.marks[$0] }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(salt)
        for index in 0..<count { hasher.combine(marks[index]) }
    }
}
