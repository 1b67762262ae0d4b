/// The kinds of state that a presence agent asks to be kept over a restart.
package enum PresenceRoom: Hashable, CaseIterable, Sendable {
    /// Who may watch whom.
    case rules
    case publication
    case subscription
    /// Who took back what they published while their phones are registered.
    case departure
}
