/// What an asking node knows already and need not be told: marks of up to sixteen contacts. It lies in place, as
/// ``ContactList`` does.
///
/// The marks depend on a salt that is chosen anew for each question. Otherwise somebody could find a key whose node bears
/// the mark of another, and nobody who knows the one would ever hear of the other.
package struct KnownContacts: Sendable, Hashable {
    /// Part of every mark.
    package let salt: UInt32
    /// Places that are free repeat the first mark, so that all can be compared at once.
    /// Four in each word.
    private var words = SIMD4<UInt64>()
    private var length: UInt8 = 0

    package init(salt: UInt32) { self.salt = salt }

    /// Nobody is known.
    package static var none: KnownContacts { KnownContacts(salt: 0) }

    package var count: Int { Int(length) }

    subscript(index: Int) -> UInt16 {
        precondition(index < length, "no such mark")
        return UInt16(truncatingIfNeeded: words[index >> 2] >> UInt64(16 * (index & 3)))
    }

    /// Appends a mark, for which there must be room.
    mutating func append(mark: UInt16) {
        precondition(length < 16, "a question has at most sixteen marks")
        if length == 0 { words = SIMD4(repeating: Self.fourTimes(mark)) }
        let place = UInt64(16 * (length & 3))
        words[Int(length >> 2)] = words[Int(length >> 2)] & ~(0xFFFF << place) | UInt64(mark) << place
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
        let sought = Self.fourTimes(mark(ofHead: head))
        // Where a mark is the one that is sought a quarter of the difference is 0, and taking 1 from each quarter sets
        // the highest bit of one that did not have it.
        var hits: UInt64 = 0
        for index in 0..<4 {
            let difference = words[index] ^ sought
            hits |= (difference &- Self.lowest) & ~difference & Self.lowest << 15
        }
        return length > 0 && hits != 0
    }

    /// A 1 in each quarter of a word.
    private static let lowest: UInt64 = 0x0001_0001_0001_0001

    private static func fourTimes(_ mark: UInt16) -> UInt64 { UInt64(mark) &* lowest }

    /// A multiplication by an odd number (2⁶⁴ divided by the golden ratio) lets every bit of the ID and of the salt count
    /// in the product's upper sixteen.
    private func mark(ofHead head: UInt64) -> UInt16 {
        let salted = head ^ (UInt64(salt) << 32 | UInt64(salt))
        return UInt16(truncatingIfNeeded: (salted &* 0x9E37_79B9_7F4A_7C15) >> 48)
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.salt == b.salt && a.length == b.length && (0..<a.count).allSatisfy { a[$0] == b[$0] }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(salt)
        for index in 0..<count { hasher.combine(self[index]) }
    }
}
