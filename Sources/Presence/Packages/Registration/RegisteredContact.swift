import Primitives
import SIPMessages
import SIPStack
import XMLTree

/// A contact of a user as registration information lists it (RFC 3680 §5.1).
package struct RegisteredContact: Hashable, Sendable {
    /// More than the capabilities of any device (RFC 3840).
    static let maximumParameters = 32

    package var uri: String
    /// Whether it is bound to the user; otherwise it has just ceased to be.
    package var isActive = true
    package var event: ContactEvent
    /// When it was first bound.
    package var registered: Instant
    package var expires: Instant
    /// In thousandths.
    package var preference: Int
    package var callID: String
    package var sequence: UInt32
    /// The parameters of the contact that RFC 3261 doesn't know.
    package var parameters: [Parameters.Parameter]
    /// The public GRUU of the device (RFC 5627 §3.1); nil where there is none. A temporary one is never told: who is not
    /// allowed to register for the user should not know it (RFC 5628 §5), and the rules don't tell who is.
    package var publicGRUU: String?

    package init(_ binding: Binding, _ event: ContactEvent, publicGRUU: String? = nil, registered: Instant) {
        uri = binding.contact.description
        self.event = event
        self.registered = registered
        expires = binding.expires
        preference = binding.preference
        callID = binding.callID
        sequence = binding.cseq
        parameters = Array(binding.parameters.list.prefix(Self.maximumParameters))
        self.publicGRUU = publicGRUU
    }

    /// RFC 3680 §5.1: the same for the same URI in all documents, and at all nodes.
    var id: String { Hex.encode(Digest.sha256(Array(uri.utf8)).prefix(10)) }

    func element(at now: Instant) -> XMLElement {
        var element = XMLElement(RegistrationNames.contact)
        let set = { (name: String, value: String) in element[attribute: XMLName(name)] = value }
        set("id", id)
        set("state", isActive ? "active" : "terminated")
        set("event", event.rawValue)
        set("duration-registered", "\(max(0, (now - registered).nanoseconds / 1_000_000_000))")
        if isActive { set("expires", "\((expires - now).secondsRoundedUp)") }
        set("q", Preference.text(preference))
        set("callid", callID)
        set("cseq", "\(sequence)")
        element.append(XMLElement(RegistrationNames.uri, children: [.text(uri)]))
        for parameter in parameters {
            var unknown = XMLElement(RegistrationNames.unknownParameter)
            unknown[attribute: XMLName("name")] = parameter.name
            // RFC 3680 §5.1: as it is written; empty where it has no value.
            if let text = parameter.text, !text.isEmpty { unknown.append(text: text) }
            element.append(unknown)
        }
        if let publicGRUU {
            var gruu = XMLElement(RegistrationNames.publicGRUU, prefix: "gr")
            gruu[attribute: XMLName("uri")] = publicGRUU
            element.append(gruu)
        }
        return element
    }
}
