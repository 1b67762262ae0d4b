import Identity
import Primitives

/// The contacts whose IDs share a prefix of one length with this node's own.
struct KBucket: Sendable {
    /// A contact with what has been learned of it.
    struct Entry: Sendable {
        var contact: Contact
        var roundTrip = RoundTripEstimate()
        var lastHeard: Instant
        /// Requests in a row that it did not answer.
        var failures = 0
    }

    /// Contacts that have proven themselves, in the order in which they came.
    var entries: [Entry] = []
    /// Contacts that would be in `entries` if there were room, the one heard last at the end.
    var replacements: [Entry] = []
    /// When something was last looked up here.
    var lastLookup = Instant(nanoseconds: 0)

    /// Takes the best replacement: the nearest by round trip among those that were measured, else the latest.
    ///
    /// - Parameter allowed: for each replacement, whether the limits of address diversity admit it.
    mutating func takeReplacement(among allowed: [Bool]) -> Entry? {
        var best: Int?
        for (index, entry) in replacements.enumerated() where allowed[index] {
            guard let current = best else {
                best = index
                continue
            }
            let other = replacements[current]
            if entry.roundTrip.hasSamples, other.roundTrip.hasSamples {
                if entry.roundTrip.smoothed < other.roundTrip.smoothed { best = index }
            } else if entry.roundTrip.hasSamples || !other.roundTrip.hasSamples {
                best = index
            }
        }
        return best.map { replacements.remove(at: $0) }
    }
}
