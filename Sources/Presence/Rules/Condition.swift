import Primitives

/// A child of `<conditions>` (RFC 4745 §7).
enum Condition: Hashable, Sendable {
    case identity(IdentityCondition)
    /// Any of these, in lower case.
    case sphere(Set<String>)
    /// Any of these.
    case validity([ValidityPeriod])
    /// OMA XDM: who asks gives no name.
    case anonymousRequest
    /// OMA XDM: who asks is matched by no condition on identities in any rule.
    case otherIdentity
    /// OMA XDM: who asks is a member of any of these lists.
    case externalList([String])
    /// RFC 4745 §7: what is not known here never holds.
    case unknown

    /// How many things are looked at to find out whether it holds.
    var termCount: Int {
        switch self {
        case .identity(let identity): 1 + identity.groups.count
        case .validity(let periods): 1 + periods.count
        case .externalList(let lists): 1 + lists.count
        case .sphere, .anonymousRequest, .otherIdentity, .unknown: 1
        }
    }

    /// Whether it holds, but for ``otherIdentity``, which takes a look at all rules.
    func holds(for request: AccessRequest) -> Bool {
        switch self {
        case .identity(let identity): return identity.matches(request.watcher)
        // RFC 4745 §7.3: any of its tokens will do.
        case .sphere(let tokens): return !tokens.isDisjoint(with: request.sphere)
        // RFC 4745 §7.4: any of its periods will do.
        case .validity(let periods): return periods.contains { $0.contains(request.time) }
        case .anonymousRequest: return request.watcher == .anonymous
        case .externalList(let lists):
            guard case .authenticated(let user) = request.watcher else { return false }
            return lists.contains { request.externalLists[$0]?.contains(user) == true }
        case .otherIdentity, .unknown: return false
        }
    }
}
