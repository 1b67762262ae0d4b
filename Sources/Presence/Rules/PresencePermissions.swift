import XMLTree

/// What of a presence document a watcher may see: the transformations of all rules that match, combined
/// (RFC 5025 §3.3, RFC 4745 §10.2).
package struct PresencePermissions: Hashable, Sendable {
    /// Which `<device>` elements.
    package var devices = OccurrencePermission.none
    /// Which `<person>` elements.
    package var persons = OccurrencePermission.none
    /// Which `<tuple>` elements.
    package var services = OccurrencePermission.none
    /// What is shown of all of them.
    package var attributes = Attributes.some(Set(), unknown: [], userInput: .none)

    /// Which presence attributes are shown.
    package enum Attributes: Hashable, Sendable {
        /// RFC 5025 §3.3.2.15: every one, known here or not.
        case all
        /// These, and those that RFC 5025 does not know by their names.
        case some(Set<PresenceAttribute>, unknown: Set<XMLName>, userInput: UserInputPermission)
    }

    package init() {}

    /// Not even the empty shell of a tuple, person or device is shown.
    package static let nothing = PresencePermissions()

    /// A document is shown as it is.
    package static let everything = {
        var all = PresencePermissions()
        all.devices = .all
        all.persons = .all
        all.services = .all
        all.attributes = .all
        return all
    }()

    /// RFC 4745 §10.2: each permission is combined for itself: sets and booleans by union, degrees by their maximum.
    package mutating func formUnion(_ other: PresencePermissions) {
        devices.formUnion(other.devices)
        persons.formUnion(other.persons)
        services.formUnion(other.services)
        switch (attributes, other.attributes) {
        case (.some(let mine, let unknown, let input), .some(let others, let otherUnknown, let otherInput)):
            attributes = .some(
                mine.union(others), unknown: unknown.union(otherUnknown), userInput: max(input, otherInput))
        default: attributes = .all
        }
    }
}
