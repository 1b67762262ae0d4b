import Identity
import Kademlia
import Presence
import Primitives

/// What other nodes know of the users who are watched here.
extension PresenceUsage {
    /// The first watcher of the resource has come to this node.
    package mutating func watch(
        _ resource: EventResource, domain: PublicSigningKey?, accounts: AccountUsage, into actions: inout [Action]
    ) {
        let user = resource.user
        guard let domain, watched[user]?.packages[resource.package] == nil else { return }
        if watched[user] == nil {
            guard watched.count < Self.maximumWatched else {
                let text = "\(user) is not watched at other nodes: \(Self.maximumWatched) users are already"
                return actions.append(.observe(Observation(.warning, "too-many-watched", text)))
            }
            watched[user] = WatchedUser(domain: domain)
            watch(.registration, RegistrationUsage.resource(of: user, domain: domain), of: user, into: &actions)
        }
        watched[user]!.packages[resource.package] = WatchedPackage()
        if resource.package.isStored {
            watch(.presence, Self.resource(of: user, domain: domain), of: user, into: &actions)
        }
        for node in watched[user]!.nodes.sorted() where resource.package != .watcherInformation {
            subscribe(resource, at: node, isKept: accounts.account(user) != nil, into: &actions)
        }
    }

    private mutating func watch(
        _ kind: RecordKind, _ resource: ResourceID, of user: AddressOfRecord, into actions: inout [Action]
    ) {
        users[resource] = user
        actions.append(.watch(kind, resource))
    }

    private mutating func unwatch(_ kind: RecordKind, _ resource: ResourceID, into actions: inout [Action]) {
        users[resource] = nil
        actions.append(.unwatch(kind, resource))
    }

    /// The last watcher has gone.
    package mutating func unwatch(_ resource: EventResource, into actions: inout [Action]) {
        let user = resource.user
        guard let domain = watched[user]?.domain,
            let gone = watched[user]?.packages.removeValue(forKey: resource.package)
        else { return }
        if resource.package.isStored {
            watched[user]!.records = [:]
            unwatch(.presence, Self.resource(of: user, domain: domain), into: &actions)
        }
        if watched[user]!.packages.isEmpty {
            watched[user] = nil
            unwatch(.registration, RegistrationUsage.resource(of: user, domain: domain), into: &actions)
        }
        for node in gone.subscribed.sorted() {
            for watcher in [nil] + gone.watchers.keys.sorted().map(Optional.some) {
                actions.append(.unsubscribe(resource, at: node, watcher: watcher))
            }
        }
    }

    /// Whether anything of the user is watched.
    package func isWatched(_ user: AddressOfRecord) -> Bool { watched[user] != nil }

    /// The user's account is not held here: what this watcher may see of it is wanted.
    package mutating func ask(
        _ resource: EventResource, for watcher: AddressOfRecord, into actions: inout [Action]
    ) {
        guard let known = self[resource], known.watchers[watcher] == nil else { return }
        self[resource]!.watchers[watcher] = WatchedPackage.Grants()
        for node in known.subscribed.sorted() {
            actions.append(.subscribe(resource, at: node, watcher: watcher))
        }
    }

    /// The watcher has gone.
    package mutating func stopAsking(
        _ resource: EventResource, for watcher: AddressOfRecord, into actions: inout [Action]
    ) {
        guard self[resource]?.watchers.removeValue(forKey: watcher) != nil else { return }
        for node in self[resource]!.subscribed.sorted() {
            actions.append(.unsubscribe(resource, at: node, watcher: watcher))
        }
    }

    private subscript(_ resource: EventResource) -> WatchedPackage? {
        get { watched[resource.user]?.packages[resource.package] }
        set { watched[resource.user]?.packages[resource.package] = newValue }
    }

    // MARK: Where the user is

    /// A watched registration or presence record changed.
    package mutating func recordChanged(
        _ change: RecordChange, accounts: AccountUsage, at now: Instant, into actions: inout [Action]
    ) {
        switch change {
        case .added(let record), .replaced(let record), .refreshed(let record):
            guard let (user, source) = place(of: record.identity) else { return }
            if record.kind == .presence {
                takePresence(record, of: user, from: source, account: accounts.account(user), into: &actions)
            } else if let value = RegistrationUsage.value(of: record), value.isInForce(at: now) {
                actions.append(.learnt(value.node, value.endpoint))
                serves(source, user, isKept: accounts.account(user) != nil, into: &actions)
            }
        case .deleted(let record): drop(record.identity, version: record.sequence, into: &actions)
        case .expired(let identity): drop(identity, version: nil, into: &actions)
        }
    }

    /// Which watched user a record is of, and which other node wrote it.
    private func place(of identity: Record.Identity) -> (user: AddressOfRecord, source: NodeID)? {
        guard let user = users[identity.resource], let bits = Bits256(identity.key) else { return nil }
        let source = NodeID(bits: bits)
        return source == nodeID ? nil : (user, source)
    }

    /// A node serves the user.
    private mutating func serves(
        _ node: NodeID, _ user: AddressOfRecord, isKept: Bool, into actions: inout [Action]
    ) {
        guard let known = watched[user], known.nodes.contains(node) || known.nodes.count < Self.maximumSubscriptions
        else { return }
        watched[user]!.nodes.insert(node)
        for package in known.watchedPackages where package != .watcherInformation {
            let resource = EventResource(user, package)
            if known.packages[package]!.subscribed.contains(node) {
                retry(resource, at: node, into: &actions)
            } else {
                subscribe(resource, at: node, isKept: isKept, into: &actions)
            }
        }
    }

    /// - Parameter isKept: whether this node holds the user's account.
    private mutating func subscribe(
        _ resource: EventResource, at node: NodeID, isKept: Bool, into actions: inout [Action]
    ) {
        self[resource]!.subscribed.insert(node)
        let watchers: [AddressOfRecord?] = isKept ? [nil] : self[resource]!.watchers.keys.sorted()
        for watcher in watchers { actions.append(.subscribe(resource, at: node, watcher: watcher)) }
    }

    /// Asks again for those whom the node turned away before: it may have been told otherwise since.
    private mutating func retry(_ resource: EventResource, at node: NodeID, into actions: inout [Action]) {
        for (watcher, grants) in self[resource]!.watchers.sorted(by: { $0.key < $1.key })
        where grants.ended.contains(node) {
            self[resource]!.watchers[watcher]!.ended.remove(node)
            actions.append(.subscribe(resource, at: node, watcher: watcher))
        }
    }

    private mutating func drop(_ identity: Record.Identity, version: Int64?, into actions: inout [Action]) {
        guard let (user, source) = place(of: identity) else { return }
        if identity.kind == .presence { return dropPresence(of: user, from: source, version: version, into: &actions) }
        guard watched[user]!.nodes.remove(source) != nil else { return }
        for package in watched[user]!.watchedPackages where package != .watcherInformation {
            let resource = EventResource(user, package)
            guard self[resource]!.subscribed.remove(source) != nil else { continue }
            for watcher in [nil] + self[resource]!.watchers.keys.sorted().map(Optional.some) {
                actions.append(.unsubscribe(resource, at: source, watcher: watcher))
            }
            // Presence goes on to be what the record says.
            if !package.isStored { actions.append(.gone(resource, source: source)) }
        }
    }

    // MARK: What is notified

    /// A node notified of the resource's state.
    package mutating func notified(
        _ resource: EventResource, for watcher: AddressOfRecord?, by node: NodeID, _ body: [UInt8],
        version: Int64, accounts: AccountUsage, into actions: inout [Action]
    ) {
        guard let watcher else {
            let key = accounts.account(resource.user).map { PresenceSecrets(of: $0.identity).whole(from: node) }
            guard let document = key?.open(body) else {
                return unreadable(resource, by: node, into: &actions)
            }
            actions.append(.document(resource, source: node, watcher: nil, document: document, version: version))
            return
        }
        guard let notification = try? VariantNotification(decoding: body) else {
            return unreadable(resource, by: node, into: &actions)
        }
        guard self[resource]?.watchers[watcher] != nil else { return }
        self[resource]!.watchers[watcher]!.keys[node] = notification.key
        if version >= self[resource]!.watchers[watcher]!.versions[node] ?? 0 {
            self[resource]!.watchers[watcher]!.versions[node] = version
            actions.append(
                .document(resource, source: node, watcher: watcher, document: notification.document, version: version))
        }
        guard resource.package.isStored else { return }
        // What could not be read until now, be it of other nodes.
        for source in watched[resource.user]!.records.keys.sorted() {
            takeVariant(resource.user, for: watcher, from: source, into: &actions)
        }
    }

    private func unreadable(_ resource: EventResource, by node: NodeID, into actions: inout [Action]) {
        let text = "what node \(node) notified of \(resource) does not decrypt"
        actions.append(.observe(Observation(.warning, "presence-unreadable", text)))
    }

    /// A subscription at a node has ended for good; a later registration there opens another.
    ///
    /// - Parameter isRefused: the watcher may not know any more what the node said.
    package mutating func subscriptionEnded(
        _ resource: EventResource, for watcher: AddressOfRecord?, at node: NodeID, isRefused: Bool,
        into actions: inout [Action]
    ) {
        guard let watcher else {
            guard self[resource]?.subscribed.remove(node) != nil, !resource.package.isStored else { return }
            return actions.append(.gone(resource, source: node))
        }
        self[resource]?.watchers[watcher]?.ended.insert(node)
        guard isRefused, let version = self[resource]?.watchers[watcher]?.versions[node] else { return }
        self[resource]!.watchers[watcher]!.keys[node] = nil
        actions.append(
            .document(resource, source: node, watcher: watcher, document: nil, version: version))
    }
}
