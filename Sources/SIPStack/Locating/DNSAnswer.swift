import Primitives

/// What the DNS says to one question.
package struct DNSAnswer: Hashable, Sendable {
    /// Empty when there is nothing of that type under the name.
    package var records: [DNSRecord]
    /// How long it may be believed.
    package var lifetime: Interval
    /// Whether there was no answer at all: then nothing is known of what the name holds.
    package var isFailure: Bool

    /// How long it is believed that something is not there, when the answer does not say (RFC 2308 §5 has it by the
    /// zone's SOA), and at most.
    static let negativeLifetime = Interval.seconds(30)
    static let longestNegativeLifetime = Interval.seconds(300)
    /// RFC 2181 §8 allows 68 years; a day is long enough to keep anything.
    static let longestLifetime = Interval.hours(24)

    package init(_ records: [DNSRecord], lifetime: Interval, isFailure: Bool = false) {
        self.records = records
        self.lifetime = min(max(.zero, lifetime), Self.longestLifetime)
        self.isFailure = isFailure
    }

    /// No server could be asked, or none that was asked knew: soon it is tried again.
    package static let failure = DNSAnswer([], lifetime: .seconds(5), isFailure: true)
}
