import Primitives

/// A reliable message that is not acknowledged whole yet.
struct OutgoingMessage: Sendable {
    /// One transmission of a fragment.
    struct Transmission: Sendable {
        /// Its place among all transmissions to this node.
        var order: UInt64 = 0
        var sentAt = Instant(nanoseconds: 0)
        var isRepeated = false
    }

    let number: UInt64
    let channel: Channel
    let payload: [UInt8]
    let token: UInt64
    let destination: Destination
    let giveUpAt: Instant
    let count: Int
    /// Bitmaps of the fragments that have arrived, and of those on their way.
    var acknowledged: UInt64 = 0
    var inFlight: UInt64 = 0
    var transmissions: [Transmission]

    init(number: UInt64, message: QueuedMessage, giveUpAt: Instant) {
        self.number = number
        channel = message.channel
        payload = message.payload
        token = message.token
        destination = message.destination
        self.giveUpAt = giveUpAt
        count = Fragment.count(for: message.payload.count)
        transmissions = Array(repeating: Transmission(), count: count)
    }

    /// The first fragment that has neither arrived nor is on its way.
    var nextIndex: Int? {
        let missing = Fragment.allBits(count) & ~(acknowledged | inFlight)
        return missing == 0 ? nil : missing.trailingZeroBitCount
    }

    func fragment(_ index: Int) -> Fragment {
        let start = index * Fragment.length
        let end = min(start + Fragment.length, payload.count)
        return Fragment(channel: channel, number: number, index: index, count: count, bytes: payload[start..<end])
    }
}
