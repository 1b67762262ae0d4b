/// Which fragments of one message have arrived so far; bit 0 is the first.
struct Acknowledgement: Sendable, Hashable {
    /// Type, number, bitmap.
    static let encodedLength = 1 + 8 + 8

    let number: UInt64
    let received: UInt64
}
