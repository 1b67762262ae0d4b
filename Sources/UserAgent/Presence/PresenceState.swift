import Primitives

/// What a user agent knows of its publication and of whom it watches.
struct PresenceState: Sendable {
    /// Whom each of the subscriber's numbers is about.
    var watched: [UInt64: AddressOfRecord] = [:]
    /// The subscriptions that a NOTIFY or a 2xx has confirmed, so that each is told once.
    var confirmed: Set<UInt64> = []
    var lastWatch: UInt64 = 0
    /// Tells this user agent's elements in a presence document from those of the person's other devices.
    var device = ""
    /// Whether the newest publication has not been acknowledged yet.
    var isPublicationNew = false
    /// Whether the challenge that a core is given next can be answered.
    var isChallengeAnswerable = false
}
