/// How much of `<user-input>` is shown (RFC 5025 §3.3.2.12); the greater value grants more.
package enum UserInputPermission: Int, Comparable, CaseIterable, Sendable {
    /// The element is removed.
    case none = 0
    /// The element without any of its attributes.
    case bare = 10
    /// With `idle-threshold` and no other attribute.
    case thresholds = 20
    case full = 30

    /// The value as a rule spells it; nil for what RFC 5025 does not define.
    init?(spelled text: String) {
        switch text {
        case "false": self = .none
        case "bare": self = .bare
        case "thresholds": self = .thresholds
        case "full": self = .full
        default: return nil
        }
    }

    package static func < (a: UserInputPermission, b: UserInputPermission) -> Bool { a.rawValue < b.rawValue }
}
