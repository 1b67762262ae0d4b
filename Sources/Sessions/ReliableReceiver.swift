import Primitives

/// The receiving half of reliable delivery from one node: puts fragments together and delivers each message once.
struct ReliableReceiver: Sendable {
    enum Outcome: Sendable {
        /// The message is whole: deliver it.
        case message([UInt8], Channel)
        case waiting
        /// It was delivered before: only acknowledge it again.
        case repeated
        /// There is no room; the sender will repeat it.
        case refused
        /// Its channel or count differ from those of the other fragments.
        case malformed
    }

    /// How many messages may be in pieces at once.
    private static let maximumPartial = 64

    /// In the order in which their first fragments came, which is that of their expiry.
    private var partial: [Reassembly] = []
    private var delivered = ReplayWindow()
    /// The bytes set aside for messages in pieces.
    private(set) var reservedBytes = 0

    var deadline: Instant? { partial.first?.expiresAt }

    /// - Parameter room: how many bytes may be set aside for another message.
    mutating func receive(_ fragment: Fragment, room: Int, expiresAt: Instant) -> (Outcome, Acknowledgement?) {
        let all = Fragment.allBits(fragment.count)
        if delivered.contains(fragment.number) {
            return (.repeated, Acknowledgement(number: fragment.number, received: all))
        }
        if fragment.count == 1 {
            _ = delivered.insert(fragment.number)
            let acknowledgement = Acknowledgement(number: fragment.number, received: 1)
            return (.message(Array(fragment.bytes), fragment.channel), acknowledgement)
        }
        let position: Int
        if let found = partial.firstIndex(where: { $0.number == fragment.number }) {
            position = found
            guard partial[found].count == fragment.count, partial[found].channel == fragment.channel else {
                return (.malformed, nil)
            }
        } else {
            guard partial.count < Self.maximumPartial, fragment.count * Fragment.length <= room else {
                return (.refused, nil)
            }
            partial.append(Reassembly(fragment, expiresAt: expiresAt))
            position = partial.count - 1
            reservedBytes += partial[position].reserved
        }
        partial[position].insert(fragment)
        let acknowledgement = Acknowledgement(number: fragment.number, received: partial[position].received)
        guard let message = partial[position].whole else { return (.waiting, acknowledgement) }
        _ = delivered.insert(fragment.number)
        reservedBytes -= partial.remove(at: position).reserved
        return (.message(message, fragment.channel), acknowledgement)
    }

    /// Gives up messages whose fragments stopped coming.
    mutating func expire(at now: Instant) {
        while let first = partial.first, first.expiresAt <= now {
            partial.removeFirst()
            reservedBytes -= first.reserved
        }
    }
}
