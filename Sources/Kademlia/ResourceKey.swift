import Primitives

/// A resource: what a lookup, a lease or a page of records concerns.
struct ResourceKey: Hashable, Comparable, Sendable {
    let kind: RecordKind
    let resource: ResourceID

    init(_ kind: RecordKind, _ resource: ResourceID) {
        self.kind = kind
        self.resource = resource
    }

    init(_ identity: Record.Identity) { self.init(identity.kind, identity.resource) }

    static func < (a: Self, b: Self) -> Bool {
        a.resource != b.resource ? a.resource < b.resource : a.kind.rawValue < b.kind.rawValue
    }
}
