/// A piece of a reliable message. All pieces but the last have ``length`` bytes; a short message is one piece.
struct Fragment: Sendable {
    /// 64 of these are the longest message, so that one word says which have arrived.
    static let length = 1024
    static let maximumCount = 64
    /// Type, channel, number, index, count, length.
    static let headerLength = 1 + 1 + 8 + 1 + 1 + 2

    let channel: Channel
    /// Which of the sender's messages to this receiver it belongs to: 0, 1, 2… within an incarnation.
    let number: UInt64
    let index: Int
    let count: Int
    let bytes: ArraySlice<UInt8>

    /// The bitmap of a message of `count` fragments that has arrived whole.
    static func allBits(_ count: Int) -> UInt64 { count >= 64 ? .max : (1 << UInt64(count)) - 1 }

    /// How many fragments a message of so many bytes has.
    static func count(for length: Int) -> Int { max(1, (length + Self.length - 1) / Self.length) }
}
