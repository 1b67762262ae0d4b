import SIPMessages
import XMLTree

/// One way to pick devices, persons or services (RFC 5025 §3.3.1): a kind of name and its value.
package enum OccurrenceSelector: Hashable, Sendable {
    /// What `<class>` of RPID says.
    case `class`(String)
    /// The `id` of a tuple, person or device.
    case occurrenceID(String)
    /// What `<deviceID>` of a device says.
    case deviceID(String)
    /// What `<contact>` of a tuple says.
    case serviceURI(String)
    /// The scheme of what `<contact>` says.
    case serviceURIScheme(String)

    /// RFC 5025 §3.3.1: classes, ids and schemes are equal when they are the same, case included; URIs when they are
    /// equivalent.
    func selects(_ element: XMLElement) -> Bool {
        switch self {
        case .class(let value): element.all(RPID.class).contains { $0.text.trimmed == value }
        case .occurrenceID(let value): element[attribute: PIDF.id] == value
        case .deviceID(let uri):
            element.all(PIDF.deviceID).contains { Self.areEquivalent($0.text.trimmed, uri) }
        case .serviceURI(let uri): element.all(PIDF.contact).contains { Self.areEquivalent($0.text.trimmed, uri) }
        case .serviceURIScheme(let scheme):
            element.all(PIDF.contact).contains { contact in
                let uri = contact.text.trimmed
                return uri.firstIndex(of: ":").map { uri[..<$0] == scheme } ?? false
            }
        }
    }

    /// SIP URIs by RFC 3261 §19.1.4, others as they are written: a rule that is spelled otherwise grants less, not more.
    private static func areEquivalent(_ a: String, _ b: String) -> Bool {
        if a == b { return true }
        guard let first = SIPURI(a), let second = SIPURI(b) else { return false }
        return first.isEquivalent(to: second)
    }
}
