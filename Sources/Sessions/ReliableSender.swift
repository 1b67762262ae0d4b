import Primitives

/// The sending half of reliable delivery to one node: what is on its way, what is lost, how much may be sent.
struct ReliableSender: Sendable {
    /// How many later transmissions must have arrived for an earlier one to count as lost (RFC 5681 §3.2).
    private static let reordering: UInt64 = 3
    /// The numbers of unfinished messages span less than this, half of what the receiver's window can tell apart.
    private static let span: UInt64 = 512

    /// In order of their numbers.
    private(set) var messages: [OutgoingMessage] = []
    private(set) var queuedBytes = 0
    private(set) var consecutiveTimeouts = 0
    private(set) var roundTrip = RoundTripEstimate()
    private var window = CongestionWindow()
    private var inFlight = 0
    private var nextNumber: UInt64 = 0
    private var nextOrder: UInt64 = 1
    /// A loss among transmissions before this one has been answered for already.
    private var recoveryOrder: UInt64 = 0
    /// From when the time-out counts; nil when nothing is on its way (RFC 6298 §5.1 to §5.3).
    private var timerStart: Instant?

    /// When ``timeOut(at:)`` or ``takeExpired(at:)`` has something to do.
    var deadline: Instant? {
        Instant.earliest(messages.first?.giveUpAt, timerStart.map { $0 + roundTrip.timeout })
    }

    /// - Returns: false when too much is waiting.
    mutating func enqueue(_ message: QueuedMessage, at now: Instant, limits: SessionLimits) -> Bool {
        let share = message.channel == .sip ? 1 : 2
        guard messages.count < limits.queuedMessages / share,
            queuedBytes + message.payload.count <= limits.queuedBytes / share,
            messages.isEmpty || nextNumber - messages[0].number < Self.span
        else { return false }
        messages.append(
            OutgoingMessage(number: nextNumber, message: message, giveUpAt: now + limits.messageLifetime))
        queuedBytes += message.payload.count
        nextNumber += 1
        return true
    }

    /// The next fragment to send now that is no longer than `room` with its header.
    mutating func nextFragment(room: Int, at now: Instant) -> Fragment? {
        guard room > Fragment.headerLength, inFlight < Int(window.size) else { return nil }
        // Somebody waits for the answer to SIP; records can wait.
        guard let position = nextPosition(where: { $0 == .sip }) ?? nextPosition(where: { $0 != .sip }),
            let index = messages[position].nextIndex
        else { return nil }
        let fragment = messages[position].fragment(index)
        guard Fragment.headerLength + fragment.bytes.count <= room else { return nil }
        let isRepeated = messages[position].transmissions[index].order != 0
        messages[position].transmissions[index] = OutgoingMessage.Transmission(
            order: nextOrder, sentAt: now, isRepeated: isRepeated)
        messages[position].inFlight |= 1 << UInt64(index)
        nextOrder += 1
        inFlight += 1
        if timerStart == nil { timerStart = now }
        return fragment
    }

    /// The first message of such a channel that has a fragment to send.
    private func nextPosition(where isWanted: (Channel) -> Bool) -> Int? {
        messages.indices.first { isWanted(messages[$0].channel) && messages[$0].nextIndex != nil }
    }

    /// Takes in what the other side has; gives the message when that is all of it.
    ///
    /// Only one acknowledgement that names every fragment ends a message. Acknowledgements that only together name
    /// all would mean that the receiver has dropped what it had, and then it starts over from the last one.
    mutating func acknowledge(_ acknowledgement: Acknowledgement, at now: Instant) -> (
        finished: OutgoingMessage?, lost: Int
    ) {
        guard let position = messages.firstIndex(where: { $0.number == acknowledgement.number }) else {
            return (nil, 0)
        }
        let all = Fragment.allBits(messages[position].count)
        let received = acknowledgement.received & all
        let fresh = received & ~messages[position].acknowledged
        var largestOrder: UInt64 = 0
        var sample: Interval?
        var rest = fresh
        while rest != 0 {
            let transmission = messages[position].transmissions[rest.trailingZeroBitCount]
            if transmission.order > largestOrder {
                largestOrder = transmission.order
                sample = transmission.isRepeated ? nil : now - transmission.sentAt
            }
            rest &= rest - 1
        }
        inFlight -= (messages[position].inFlight & received).nonzeroBitCount
        messages[position].inFlight &= ~received
        messages[position].acknowledged |= received
        if messages[position].acknowledged == all, received != all { messages[position].acknowledged = received }
        if fresh != 0 { progress(fresh.nonzeroBitCount, sample: sample, at: now) }
        let finished = received == all ? remove(at: position) : nil
        let lost = markLost(before: largestOrder)
        if inFlight == 0 { timerStart = nil }
        return (finished, lost)
    }

    /// What was on its way for longer than the time-out counts as lost, all of it.
    ///
    /// - Returns: how many fragments that were; 0 when it was not time.
    mutating func timeOut(at now: Instant) -> Int {
        guard let start = timerStart, start + roundTrip.timeout <= now else { return 0 }
        let lost = inFlight
        forgetTransmissions()
        roundTrip.timedOut()
        window.collapsed()
        consecutiveTimeouts += 1
        recoveryOrder = nextOrder
        return lost
    }

    /// Takes the messages whose time is over.
    mutating func takeExpired(at now: Instant) -> [OutgoingMessage] {
        var expired: [OutgoingMessage] = []
        while let first = messages.first, first.giveUpAt <= now { expired.append(remove(at: 0)) }
        if inFlight == 0 { timerStart = nil }
        return expired
    }

    /// The other side lost its state: every message is to be sent again from its beginning.
    mutating func restart() {
        forgetTransmissions()
        for position in messages.indices { messages[position].acknowledged = 0 }
        consecutiveTimeouts = 0
    }

    /// The way to the node changed: nothing is known of it.
    mutating func pathChanged() {
        roundTrip = RoundTripEstimate()
        window = CongestionWindow()
    }

    /// A session was agreed: what was sent with the handshake has its whole time-out from now on.
    mutating func sessionBegan(roundTrip sample: Interval?, at now: Instant) {
        if let sample { roundTrip.measured(sample) }
        if timerStart != nil { timerStart = now }
        consecutiveTimeouts = 0
    }

    private mutating func progress(_ count: Int, sample: Interval?, at now: Instant) {
        consecutiveTimeouts = 0
        roundTrip.progressed()
        if let sample { roundTrip.measured(sample) }
        window.acknowledged(count)
        timerStart = now
    }

    private mutating func markLost(before largestOrder: UInt64) -> Int {
        guard largestOrder > Self.reordering else { return 0 }
        var lost = 0
        var isNewLoss = false
        for position in messages.indices {
            var rest = messages[position].inFlight
            while rest != 0 {
                let index = rest.trailingZeroBitCount
                rest &= rest - 1
                let order = messages[position].transmissions[index].order
                guard order + Self.reordering <= largestOrder else { continue }
                messages[position].inFlight &= ~(1 << UInt64(index))
                inFlight -= 1
                lost += 1
                if order >= recoveryOrder { isNewLoss = true }
            }
        }
        // The window is halved once for all losses of one flight.
        if isNewLoss {
            window.lost()
            recoveryOrder = nextOrder
        }
        return lost
    }

    private mutating func remove(at position: Int) -> OutgoingMessage {
        let message = messages.remove(at: position)
        inFlight -= message.inFlight.nonzeroBitCount
        queuedBytes -= message.payload.count
        return message
    }

    private mutating func forgetTransmissions() {
        for position in messages.indices { messages[position].inFlight = 0 }
        inFlight = 0
        timerStart = nil
    }
}
