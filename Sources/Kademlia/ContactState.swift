import Primitives

/// What has been learned of a contact, in eight bytes.
struct ContactState: Sendable {
    var roundTrip = RoundTripEstimate()
    /// The lower half of the contact's ``AddressBlock/mark``; 0 when the limits of address diversity spare it.
    let block: UInt16
    /// Two bits of failures, then fourteen of eight-second ticks, which wrap after a day and a half.
    private var clock: UInt16

    private static let tick: UInt64 = 8_000_000_000
    private static let tickMask: UInt16 = 0x3FFF

    /// A contact that has just been heard.
    init(block: UInt16, heardAt now: Instant) {
        self.block = block
        clock = Self.ticks(now)
    }

    /// Requests in a row that it did not answer, 3 at most.
    var failures: Int {
        get { Int(clock >> 14) }
        set { clock = clock & Self.tickMask | UInt16(min(newValue, 3)) << 14 }
    }

    /// A sign of life ends all doubt.
    mutating func heard(at now: Instant) { clock = Self.ticks(now) }

    /// How long the contact has been silent, to eight seconds.
    func silence(at now: Instant) -> Interval {
        .seconds(Int((Self.ticks(now) &- clock) & Self.tickMask) * 8)
    }

    private static func ticks(_ now: Instant) -> UInt16 {
        UInt16(truncatingIfNeeded: now.nanoseconds / tick) & tickMask
    }
}
