import Presence

extension JournalRoom {
    /// Where the presence agent's state of this kind is kept.
    init(_ room: PresenceRoom) {
        switch room {
        case .rules: self = .presenceRules
        case .publication: self = .publication
        case .subscription: self = .subscription
        case .departure: self = .departure
        }
    }
}
