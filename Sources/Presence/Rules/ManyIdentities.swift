import Primitives
import SIPMessages
import XMLTree

/// `<many>` (RFC 4745 §7.1.3): everybody, or everybody of a domain, with exceptions.
struct ManyIdentities: Hashable, Sendable {
    /// In lower case; nil for any.
    var domain: String?
    var exceptedDomains: Set<String> = []
    var exceptedUsers: Set<AddressOfRecord> = []

    /// Nil when something in it can't be read, so that nobody knows whom it was to leave out; it matches nobody then.
    init?(parsing element: XMLElement) {
        if let text = element[attribute: CommonPolicy.domain] {
            guard let domain = Self.host(text) else { return nil }
            self.domain = domain
        }
        for child in element.elements {
            guard child.name == CommonPolicy.except else { return nil }
            let id = child[attribute: CommonPolicy.id]
            let domain = child[attribute: CommonPolicy.domain]
            guard id != nil || domain != nil else { return nil }
            if let id {
                guard let uri = SIPURI(id.trimmed) else { return nil }
                // RFC 5025 §3.1.1.2: URIs of other schemes never are an address of record: they leave out nobody.
                if let user = uri.addressOfRecord { exceptedUsers.insert(user) }
            }
            if let domain {
                guard let host = Self.host(domain) else { return nil }
                exceptedDomains.insert(host)
            }
        }
    }

    func matches(_ user: AddressOfRecord) -> Bool {
        // RFC 4745 §7.1.3: labels are equal without regard to case, and a domain does not hold those below it.
        if let domain, user.host != domain { return false }
        return !exceptedDomains.contains(user.host) && !exceptedUsers.contains(user)
    }

    /// RFC 4745 §7.1.3: percent-encoding is undone and the name made ASCII before the comparison. An internationalized
    /// name must be written in ASCII already; one that isn't can't be converted here, so it is equal to none.
    private static func host(_ text: String) -> String? {
        AddressOfRecord(user: "any", host: PercentEncoding.decoded(text.trimmed))?.host
    }
}
