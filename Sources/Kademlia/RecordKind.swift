import Primitives

/// What a record is for, and with that who may write it (docs/protocol.md §4.4).
///
/// Access rules are named as in RFC 6940 §7.3.
package enum RecordKind: UInt16, Hashable, Sendable, CaseIterable {
    /// A user's certificate; name = user, key empty, signed by the domain.
    case certificate = 1
    /// Where a user is registered; name = user, key = ID of the registering node.
    case registration = 2
    /// A user's presence document; name = user, key = ID of the publishing node.
    case presence = 3
    /// A document of a user; name = user, key = its path.
    case document = 4
    /// Messages for a user who is away; name = user, key = the sender's key followed by anything.
    case mailbox = 5
    /// Which nodes offer a service; name = service, key = ID of the offering node.
    case service = 6
    /// What the nodes of a domain know of its accounts; name = shard, key = user.
    case account = 7
    /// A part of a document of a user that is larger than a record; name = user, key = hash of the part.
    case documentPart = 8

    /// Who may write records of this kind.
    package var accessRule: AccessRule {
        switch self {
        case .certificate, .account: .domainMatch
        case .registration, .presence: .userNodeMatch
        case .document, .documentPart: .userMatch
        case .mailbox: .anyUser
        case .service: .nodeMatch
        }
    }

    /// How far ahead a record's end may lie. What tells where somebody is must be renewed daily; what is kept for
    /// them lasts a month without its writer.
    package var longestLifetime: Interval {
        switch self {
        case .registration, .presence, .service: .hours(24)
        case .certificate, .document, .documentPart, .mailbox, .account: .hours(24 * 30)
        }
    }
}
