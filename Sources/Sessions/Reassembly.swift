import Primitives

/// A message of which some fragments have arrived.
struct Reassembly: Sendable {
    let number: UInt64
    let channel: Channel
    let count: Int
    let expiresAt: Instant
    private(set) var received: UInt64 = 0
    private var buffer: [UInt8]
    private var length: Int

    init(_ first: Fragment, expiresAt: Instant) {
        number = first.number
        channel = first.channel
        count = first.count
        self.expiresAt = expiresAt
        length = first.count * Fragment.length
        buffer = [UInt8](repeating: 0, count: length)
    }

    /// The bytes set aside for it.
    var reserved: Int { count * Fragment.length }

    mutating func insert(_ fragment: Fragment) {
        let start = fragment.index * Fragment.length
        buffer.replaceSubrange(start..<start + fragment.bytes.count, with: fragment.bytes)
        if fragment.index == count - 1 { length = start + fragment.bytes.count }
        received |= 1 << UInt64(fragment.index)
    }

    /// The message, once all fragments are there.
    var whole: [UInt8]? { received == Fragment.allBits(count) ? Array(buffer[..<length]) : nil }
}
