import Primitives

/// Where datagrams were sent since some moment: a Bloom filter with one hash.
///
/// It errs to one side: of an address that nothing was sent to it may say that something was, never the other way
/// round. So a stranger may be missed, but nobody who could come through a translator's door is taken for one.
struct SpokenTo: Sendable {
    private var words: [UInt64]
    private var marked: UInt32 = 0
    /// Everything that was sent from here on is in.
    let since: Instant

    /// For longer than this hardly a translator lets somebody in because he was spoken to (RFC 4787 §4.3).
    static let memory = Interval.minutes(5)
    /// The filter's size as a power of two: for what an idle node says, and for the busiest gateway.
    static let sizes: ClosedRange<UInt8> = 10...20

    init(size: UInt8, since: Instant) {
        words = Array(repeating: 0, count: 1 << (Int(size) - 6))
        self.since = since
    }

    /// Whether the filter reaches back far enough to know a stranger.
    func isComplete(at now: Instant) -> Bool { since + Self.memory <= now }

    /// Whether so much was said that most strangers are missed.
    var isCrowded: Bool { Int(marked) * 2 > words.count * 64 }

    mutating func insert(_ key: UInt64) {
        let (word, bit) = place(of: key)
        guard words[word] & bit == 0 else { return }
        words[word] |= bit
        marked += 1
    }

    func contains(_ key: UInt64) -> Bool {
        let (word, bit) = place(of: key)
        return words[word] & bit != 0
    }

    private func place(of key: UInt64) -> (word: Int, bit: UInt64) {
        (Int(truncatingIfNeeded: key >> 6) & (words.count - 1), 1 << (key & 63))
    }
}
