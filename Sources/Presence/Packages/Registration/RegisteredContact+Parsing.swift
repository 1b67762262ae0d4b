import Primitives
import SIPMessages
import XMLTree

extension RegisteredContact {
    /// From where times are counted in what another node tells: late enough for any contact to have been there long before.
    static let anyMoment = Instant(secondsSince1970: 1 << 31)
    /// More than any contact lasts, or has lasted.
    private static let longestSpan: Int64 = 1 << 30

    /// Reads a `<contact>` (RFC 3680 §5.1), its times as of ``anyMoment``.
    init(parsing element: XMLElement) throws(EventStateError) {
        let attribute = { (name: String) in element[attribute: XMLName(name)] }
        guard let uri: String = element.first(RegistrationNames.uri)?.text.trimmed, !uri.isEmpty else {
            throw EventStateError("a contact without a URI")
        }
        guard let state = attribute("state"), ["active", "terminated"].contains(state),
            let event = attribute("event").flatMap({ ContactEvent(rawValue: $0) })
        else { throw EventStateError("the contact \(uri) is in no known state") }
        let span = { (name: String) in
            Interval.seconds(Int(max(0, min(Self.longestSpan, attribute(name).flatMap { Int64($0) } ?? 0))))
        }
        self.uri = uri
        self.event = event
        registered = Self.anyMoment - span("duration-registered")
        expires = Self.anyMoment + span("expires")
        preference = Self.thousandths(attribute("q") ?? "1.0")
        callID = attribute("callid") ?? ""
        sequence = attribute("cseq").flatMap { UInt32($0) } ?? 0
        parameters = element.all(RegistrationNames.unknownParameter).prefix(Self.maximumParameters).compactMap {
            guard let name = $0[attribute: XMLName("name")], !name.isEmpty else { return nil }
            return Parameters.Parameter(name: name, text: $0.text.isEmpty ? nil : $0.text)
        }
        isActive = state == "active"
        publicGRUU = element.first(RegistrationNames.publicGRUU)?[attribute: XMLName("uri")]
    }

    /// A qvalue (RFC 3261 §25.1) of at most three digits behind the point, in thousandths.
    private static func thousandths(_ text: String) -> Int {
        guard text.hasPrefix("0") else { return 1_000 }
        let digits = text.dropFirst(2).prefix(3)
        return max(0, Int((digits + "000").prefix(3)) ?? 0)
    }
}
