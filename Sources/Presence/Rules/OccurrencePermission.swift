import XMLTree

/// Which of a presentity's devices, persons or services a watcher may see (RFC 5025 §3.3.1).
package enum OccurrencePermission: Hashable, Sendable {
    case all
    /// Those that at least one of these picks.
    case selected(Set<OccurrenceSelector>)

    static let none = OccurrencePermission.selected([])

    /// RFC 4745 §10.2: sets are combined into their union; all there is holds every set.
    mutating func formUnion(_ other: OccurrencePermission) {
        switch (self, other) {
        case (.selected(let mine), .selected(let others)): self = .selected(mine.union(others))
        default: self = .all
        }
    }

    func permits(_ element: XMLElement) -> Bool {
        switch self {
        case .all: true
        case .selected(let selectors): selectors.contains { $0.selects(element) }
        }
    }
}
