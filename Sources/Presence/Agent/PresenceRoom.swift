/// The kinds of state that a presence agent asks to be kept over a restart.
package enum PresenceRoom: Hashable, CaseIterable, Sendable {
    /// Who may watch whom.
    case rules
    /// Who was seen and is no more.
    case absence
    case publication
    case subscription
}
