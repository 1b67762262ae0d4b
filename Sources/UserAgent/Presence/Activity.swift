/// What a person is doing, as a presence document says it (RFC 4480 §3.2): those that people choose from a list.
package enum Activity: String, Hashable, Sendable, CaseIterable {
    case appointment, away, breakfast, busy, dinner, holiday, meal, meeting, performance, playing, presentation,
        shopping, sleeping, spectator, steering, travel, vacation, working, worship
    case onThePhone = "on-the-phone"
    case inTransit = "in-transit"
    case lookingForWork = "looking-for-work"
    case permanentAbsence = "permanent-absence"
    case tv
}
