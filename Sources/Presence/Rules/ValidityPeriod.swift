import Primitives

/// One `<from>` with the `<until>` behind it (RFC 4745 §7.4).
struct ValidityPeriod: Hashable, Sendable {
    var from: Instant
    var until: Instant

    /// RFC 4745 §7.4: from the first instant on, up to and without the last.
    func contains(_ time: Instant) -> Bool { from <= time && time < until }
}
