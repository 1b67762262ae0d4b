import Primitives

/// How often a subscriber is notified, and when it was (RFC 6446).
struct NotificationPace: Sendable {
    var rates: EventRates
    /// What Event says in NOTIFYs.
    var event: String
    /// When it was notified, within the last period, the oldest first.
    private var history: [Instant] = []

    /// RFC 6446 §7.4: the period of the rolling average is several times the reciprocal of the adaptive minimum.
    private static let perPeriod = 10
    /// More NOTIFYs in a period than this make no difference to anybody.
    private static let maximumHistory = 100

    init(_ rates: EventRates, event: String, at now: Instant) {
        self.rates = rates
        self.event = event
        // RFC 6446 §7.2: it begins as if the rate had been kept to all the time.
        guard let adaptive = rates.adaptiveMinimum?.interval else { return }
        history = (1...Self.perPeriod).reversed().map { now - adaptive * Double($0) }
    }

    /// Notes that a NOTIFY is sent.
    mutating func note(at now: Instant) {
        guard let adaptive = rates.adaptiveMinimum?.interval else { return }
        let begin = now - adaptive * Double(Self.perPeriod)
        history.removeAll { $0 <= begin }
        if history.count == Self.maximumHistory { history.removeFirst() }
        history.append(now)
    }

    /// When the state is told again if nothing happens; nil for never.
    ///
    /// RFC 6446 §7.4: timeout = count / (rate² · period), and never less than the reciprocal of the maximum.
    func nextRepeat(after now: Instant) -> Instant? {
        var waits: [Interval] = rates.minimum.map { [$0.interval] } ?? []
        if let adaptive = rates.adaptiveMinimum?.interval {
            let timeout = adaptive * (Double(history.count) / Double(Self.perPeriod))
            waits.append(max(timeout, rates.maximum?.interval ?? .zero))
        }
        return waits.min().map { now + $0 }
    }
}
