import Primitives
import SIPMessages
import XMLTree

/// `<identity>` (RFC 4745 §7.1): it holds for those whom at least one of its children matches.
///
/// Without a child that can be read it holds for nobody. RFC 5025 §3.1.1.2 speaks of an empty one that matches requests
/// without an identity, but RFC 4745's schema has none, and what is left when a client takes out the last friend must
/// not be a rule for everybody.
struct IdentityCondition: Hashable, Sendable {
    private var users: Set<AddressOfRecord> = []
    private(set) var groups: [ManyIdentities] = []

    init(parsing element: XMLElement) {
        for child in element.elements {
            switch child.name {
            // RFC 4745 §7.1.1: what is in a namespace that is not known matches nobody; so does what holds such a child.
            case CommonPolicy.one where child.elements.isEmpty:
                let uri = child[attribute: CommonPolicy.id].flatMap { SIPURI($0.trimmed) }
                if let user = uri?.addressOfRecord { users.insert(user) }
            case CommonPolicy.many:
                if let many = ManyIdentities(parsing: child) { groups.append(many) }
            default: continue
            }
        }
    }

    /// RFC 4745 §7.1.1: only who is authenticated can match.
    func matches(_ watcher: WatcherIdentity) -> Bool {
        guard case .authenticated(let user) = watcher else { return false }
        return users.contains(user) || groups.contains { $0.matches(user) }
    }
}
