import Primitives
import XMLTree

extension Condition {
    init(parsing element: XMLElement) {
        switch element.name {
        case CommonPolicy.identity: self = .identity(IdentityCondition(parsing: element))
        case CommonPolicy.sphere:
            self = .sphere(Sphere.tokens(of: element[attribute: CommonPolicy.value] ?? ""))
        case CommonPolicy.validity: self = .validity(Self.periods(of: element))
        case CommonPolicy.anonymousRequest: self = .anonymousRequest
        case CommonPolicy.otherIdentity: self = .otherIdentity
        case CommonPolicy.externalList:
            self = .externalList(
                element.all(CommonPolicy.entry).compactMap { $0[attribute: CommonPolicy.anchor]?.trimmed })
        default: self = .unknown
        }
    }

    /// RFC 4745 §7.4: each `<until>` belongs to the `<from>` in front of it. A time that can't be read, or without its
    /// partner, makes no period.
    private static func periods(of element: XMLElement) -> [ValidityPeriod] {
        var periods: [ValidityPeriod] = []
        var from: Instant?
        for child in element.elements {
            let time = Instant(dateTime: child.text)
            switch child.name {
            case CommonPolicy.from: from = time
            case CommonPolicy.until:
                if let start = from, let time { periods.append(ValidityPeriod(from: start, until: time)) }
                from = nil
            default: from = nil
            }
        }
        return periods
    }
}
