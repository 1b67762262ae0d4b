import Primitives
import SIPMessages

/// One contact address at which a user can be reached, until it expires (RFC 3261 §10).
package struct Binding: Hashable, Sendable {
    package let aor: AddressOfRecord
    /// The contact's URI as the user agent wrote it.
    package var contact: SIPURI
    /// The contact's other parameters (`+sip.instance`, feature tags…), without `expires` and `q`.
    package var parameters: Parameters
    /// The preference in thousandths, 0 to 1,000; 1,000 when the contact names none.
    package var preference: Int
    /// The path that the registration came over; requests to this contact go back over it.
    package var flow: Flow
    /// Whether `flow` can still be used: a connection that has closed can't.
    package var isFlowOpen: Bool
    /// The proxies between here and the contact, first hop first (RFC 3327).
    package var path: [String]
    package var callID: String
    package var cseq: UInt32
    package var expires: Instant

    package init(
        aor: AddressOfRecord, contact: SIPURI, parameters: Parameters = Parameters(), preference: Int = 1_000,
        flow: Flow, path: [String] = [], callID: String, cseq: UInt32, expires: Instant
    ) {
        self.aor = aor
        self.contact = contact
        self.parameters = parameters
        self.preference = preference
        self.flow = flow
        isFlowOpen = true
        self.path = path
        self.callID = callID
        self.cseq = cseq
        self.expires = expires
    }

    /// The device, as `+sip.instance` names it (RFC 5626 §4.1).
    package var instance: String? { parameters["+sip.instance"] }

    /// Which of a device's flows this is (RFC 5626 §4.2); only then the binding lives and dies with its flow.
    package var registrationID: Int? { instance == nil ? nil : parameters["reg-id"].flatMap { Int($0) } }

    /// Where a request to this contact goes.
    ///
    /// RFC 3327 §5.3: a Path makes its first proxy the next hop. RFC 5626 §5.3: else the flow of the registration is
    /// used. A flow that has closed leaves the contact's own address, if it names one.
    package var target: Target {
        var hop: NextHop?
        if path.isEmpty {
            if isFlowOpen {
                hop = .flow(flow)
            } else if let endpoint = contact.endpoint {
                hop = .address(contact.transport ?? flow.transport, endpoint)
            }
        }
        return Target(requestURI: contact, nextHop: hop, preference: preference, route: path)
    }

    /// The key under which the binding is persisted: AoR and contact.
    package var key: [UInt8] { Array("\(aor)\n\(contact)".utf8) }
}
