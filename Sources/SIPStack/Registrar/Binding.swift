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
    /// When the last REGISTER for it came; nil for one kept by an earlier version.
    package var refreshed: Instant?
    /// What the temporary GRUUs of its device are tied to (RFC 5627 §5.1): the same in all bindings of the device, and
    /// another as soon as they must be good no longer. 0 without a device.
    package var epoch: UInt64 = 0

    package init(
        aor: AddressOfRecord, contact: SIPURI, parameters: Parameters = Parameters(), preference: Int = 1_000,
        flow: Flow, path: [String] = [], callID: String, cseq: UInt32, expires: Instant, refreshed: Instant? = nil
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
        self.refreshed = refreshed
    }

    /// The device, as `+sip.instance` names it (RFC 5626 §4.1).
    package var instance: String? { parameters["+sip.instance"].map(Self.canonicalInstance) }

    /// Which of a device's flows this is (RFC 5626 §4.2); only then the binding lives and dies with its flow.
    package var registrationID: Int? { instance == nil ? nil : parameters["reg-id"].flatMap { Int($0) } }

    /// Whether the binding ends with the connection that it was made over (RFC 5626 §6). One with a Path does not: its
    /// flow is a proxy's.
    var endsWithFlow: Bool { registrationID != nil && path.isEmpty }

    /// An instance as it is compared with others. RFC 5626 §4.1: as URNs are (RFC 8141 §3.1), and a UUID's digits in
    /// either case mean the same (RFC 9562 §4).
    package static func canonicalInstance(_ text: String) -> String {
        let lower = text.lowercased()
        return lower.hasPrefix("<urn:uuid:") ? lower : text
    }

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
        return Target(
            requestURI: contact, nextHop: hop, preference: preference, route: path,
            devices: instance.map { [$0] } ?? [])
    }

    /// In the order in which the contacts of one user are to be used: by preference, those whose flow is open first, and
    /// then the most recently refreshed (RFC 5627 §6.1).
    package static func byUse(_ bindings: [Binding]) -> [Binding] {
        guard bindings.count > 1 else { return bindings }
        let never = Instant(nanoseconds: 0)
        let order = bindings.enumerated().sorted { a, b in
            if a.element.preference != b.element.preference { return a.element.preference > b.element.preference }
            if a.element.isFlowOpen != b.element.isFlowOpen { return a.element.isFlowOpen }
            let (first, second) = (a.element.refreshed ?? never, b.element.refreshed ?? never)
            return first != second ? first > second : a.offset < b.offset
        }
        return order.map(\.element)
    }

    /// The key under which the binding is persisted: AoR and contact, or AoR, device and flow. Devices behind NATs may
    /// have the same contact, and so may the flows of a device (RFC 5626 §6).
    package var key: [UInt8] {
        guard let instance else { return contactKey }
        return Array("\(aor)\n\(instance)\n\(registrationID.map(String.init) ?? "")".utf8)
    }

    /// The key that every binding had in the first version of its encoding.
    var contactKey: [UInt8] { Array("\(aor)\n\(contact)".utf8) }
}
