/// The kinds of state that a presence agent asks to be kept over a restart.
package enum PresenceRoom: Hashable, Sendable {
    case publication
    case subscription
}
