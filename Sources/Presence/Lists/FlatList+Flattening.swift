/// The way from a tree of lists to its members (RFC 4826 §4.5).
extension FlatList {
    /// Walks through a list, lists in it and what its references lead to.
    ///
    /// RFC 4826 §4.5: members stand in the order in which they are first met. References that can't be resolved are left
    /// out, with all that lies behind them.
    /// - Parameter resolve: what a reference leads to; asked once for each, as the walk comes to it.
    package init(
        _ list: ResourceList, resolving resolve: (ListReference) -> ListReference.Target? = { _ in nil }
    ) {
        self.init()
        var walk = Walk()
        walk.enter(list, depth: 0, resolve)
        members = walk.members
        unresolved = walk.unresolved
        isCut = walk.isCut
    }

    private struct Walk {
        var members: [ListMember] = []
        var unresolved: [ListReference] = []
        var isCut = false
        private var keys: Set<String> = []
        /// RFC 4826 §4.5: the references that were followed. It wants the walk to stop at one that comes again; here only
        /// the way behind it ends, so lists that contain each other come to an end and the rest is still served.
        private var followed: Set<ListReference> = []
        /// How many items the walk may look at: lists that are resolved can be large, and many.
        private var steps = 16 * ResourceList.maximumEntries

        mutating func enter(
            _ list: ResourceList, depth: Int, _ resolve: (ListReference) -> ListReference.Target?
        ) {
            guard depth <= ResourceList.maximumDepth else {
                isCut = true
                return
            }
            for item in list.items {
                guard steps > 0 else {
                    isCut = true
                    return
                }
                steps -= 1
                switch item {
                case .entry(let member): add(member)
                case .list(let inner): enter(inner, depth: depth + 1, resolve)
                case .entryReference(let path, let name): follow(.entry(path), name, depth: depth, resolve)
                case .external(let anchor, let name): follow(.list(anchor), name, depth: depth, resolve)
                }
            }
        }

        private mutating func follow(
            _ reference: ListReference, _ name: DisplayName?, depth: Int,
            _ resolve: (ListReference) -> ListReference.Target?
        ) {
            guard followed.insert(reference).inserted else { return }
            switch (reference, resolve(reference)) {
            case (.entry, .entry(var member)):
                // RFC 4826 §3.1: the name at the reference is in place of the entry's own.
                member.displayName = name ?? member.displayName
                add(member)
            case (.list, .list(let list)): enter(list, depth: depth + 1, resolve)
            default: unresolved.append(reference)
            }
        }

        /// RFC 4826 §4.5: what can't be subscribed to is no member.
        private mutating func add(_ member: ListMember) {
            guard member.isSubscribable else { return }
            guard !keys.contains(member.key) else { return }
            guard members.count < ResourceList.maximumEntries else {
                isCut = true
                return
            }
            keys.insert(member.key)
            members.append(member)
        }
    }
}
