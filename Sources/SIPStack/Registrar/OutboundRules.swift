import Primitives
import SIPMessages

/// What RFC 5626 §6 makes of a REGISTER that names flows, before its contacts are bound.
struct OutboundRules: Sendable {
    /// The option tag (RFC 5626 §11.4).
    static let optionTag = "outbound"
    /// How often a user agent is to send something by a connection that it has registered, in seconds (RFC 5626 §4.4.1: the
    /// range that it takes by itself ends there).
    static let flowTimer = 120
    /// How long such a connection may be silent before the device counts as gone (§5.4: longer than the Flow-Timer).
    static let longestSilence = Interval.seconds(180)
    /// A `reg-id` is 1 to 2^31 - 1 (RFC 5626 §4.2).
    private static let registrationIDs = 1...Int(Int32.max)

    /// The contacts, without those `reg-id` that say nothing.
    private(set) var contacts: [ContactHeader]
    /// Whether one of them names a flow.
    private(set) var concernsFlow = false

    /// - Throws: 439 and 400.
    init(_ request: SIPMessage, contacts: [ContactHeader]) throws(RegistrationFault) {
        self.contacts = contacts
        let namesFlow = contacts.contains { $0.address.parameters.contains("reg-id") }
        guard namesFlow else { return }
        guard Self.isFlowKnown(to: request) else {
            // RFC 5626 §6: the proxy next to the user agent would not know what to do with a flow. A user agent that
            // relies on it is told, and for one that does not say so it is an ordinary contact.
            if request.supports(Self.optionTag) { throw RegistrationFault(439) }
            for position in self.contacts.indices { self.contacts[position].address.parameters.remove("reg-id") }
            return
        }
        // RFC 5626 §6: a flow leads to one device, so one contact at most is bound with it; others may be removed.
        let expires = request.expires
        guard contacts.count(where: { ($0.expires ?? expires) != 0 }) <= 1 else {
            throw RegistrationFault(400, "One Contact With reg-id Only")
        }
        for position in contacts.indices {
            let parameters = contacts[position].address.parameters
            // RFC 5626 §6: a reg-id without an instance is ignored.
            let isFlow =
                parameters.contains("+sip.instance")
                && Self.registrationIDs.contains(parameters["reg-id"].flatMap { Int($0) } ?? 0)
            if isFlow {
                concernsFlow = true
            } else {
                self.contacts[position].address.parameters.remove("reg-id")
            }
        }
    }

    /// RFC 5626 §6: a REGISTER with one Via comes from the user agent itself, over the very flow. Else the first proxy
    /// has to say in its Path that it knows the flow; §5.1: no other one may put `ob` there.
    private static func isFlowKnown(to request: SIPMessage) -> Bool {
        if request.values(.via).count == 1 { return true }
        return request.values(.path).contains { (try? NameAddress($0, of: .path))?.uri.parameter("ob") != nil }
    }
}
