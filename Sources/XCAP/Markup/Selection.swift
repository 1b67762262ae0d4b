/// What evaluating an element selector gives (RFC 4825 §6.3).
enum Selection: Hashable, Sendable {
    /// The one element that is selected, by the places that lead to it: see ``DocumentMarkup/elements(along:)``.
    case element([Int])
    case noMatch
    /// Several elements, which is invalid.
    case ambiguous
}
