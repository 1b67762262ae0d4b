/// How many fragments may be on their way at once: slow start, then additive increase and multiplicative decrease
/// (RFC 5681 §3.1, counted in fragments instead of bytes).
struct CongestionWindow: Sendable {
    /// RFC 6928 §2: ten segments.
    static let initial = 10.0
    static let smallest = 2.0
    /// The largest message, so that one peer never holds more than that of the network.
    static let largest = 64.0

    private(set) var size = initial
    private var threshold = largest

    mutating func acknowledged(_ count: Int) {
        size += size < threshold ? Double(count) : Double(count) / size
        size = min(size, Self.largest)
    }

    /// A fragment was lost and later ones arrived: half the window (RFC 5681 §3.2).
    mutating func lost() {
        threshold = max(size / 2, Self.smallest)
        size = threshold
    }

    /// Nothing came back at all: begin again (RFC 5681 §3.1, equation 4).
    mutating func collapsed() {
        threshold = max(size / 2, Self.smallest)
        size = Self.smallest
    }
}
