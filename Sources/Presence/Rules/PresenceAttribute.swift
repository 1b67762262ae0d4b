import XMLTree

/// A presence attribute that a permission of its own makes visible (RFC 5025 §3.3.2); the raw value is the element's
/// name.
///
/// `<user-input>` is not among them: it is shown in degrees.
package enum PresenceAttribute: String, CaseIterable, Sendable {
    case activities
    case `class`
    case deviceID
    case mood
    case note
    case placeIs = "place-is"
    case placeType = "place-type"
    case privacy
    case relationship
    case sphere
    case statusIcon = "status-icon"
    case timeOffset = "time-offset"

    /// The element that permits it in a rule.
    var permission: XMLName { PresenceRules.name("provide-\(rawValue)") }

    /// What it is called in a tuple, person or device; nil where RFC 5025 §3.3.2 knows no such attribute.
    func name(in kind: PresenceElement.Kind) -> XMLName? {
        switch (self, kind) {
        case (_, .note), (_, .other): nil
        // RFC 5025 §3.3.2.13: PIDF's own note in a tuple, the data model's in a person or device.
        case (.note, .tuple): PIDF.note
        case (.note, _): PIDF.dataModelNote
        // RFC 5025 §3.3.2.3: a device's own is always shown and not this attribute.
        case (.deviceID, .tuple): PIDF.deviceID
        case (.class, _), (.privacy, .tuple), (.privacy, .person), (.relationship, .tuple), (.statusIcon, .tuple),
            (.statusIcon, .person), (.activities, .person), (.mood, .person), (.placeIs, .person),
            (.placeType, .person), (.sphere, .person), (.timeOffset, .person):
            XMLName(rawValue, in: RPID.namespace)
        default: nil
        }
    }
}
