import Primitives
import SIPMessages

/// Which lists are served, and for whom (RFC 4662 §4.4, RFC 4826 §4.5).
extension PresenceAgent {
    /// How many services are served of one owner.
    private static let maximumServices = 256

    /// Takes the services of an owner, or those for everybody, in place of the ones before.
    mutating func setLists(
        of owner: AddressOfRecord?, _ announced: [ListService], at now: Instant, _ actions: inout [Action]
    ) {
        var services: [AddressOfRecord: ListService] = [:]
        for service in announced.prefix(Self.maximumServices) where services[service.uri] == nil {
            services[service.uri] = service
        }
        self.services[owner] = services.isEmpty ? nil : services
        let concerned = owner.map { listSubscriptions[$0] ?? [] } ?? Set(listSubscriptions.values.joined())
        for number in concerned.sorted() { servicesMayHaveChanged(of: owner, for: number, at: now, &actions) }
    }

    /// The service under a URI for a subscriber, and whose it is.
    ///
    /// RFC 4662 §4.4 leaves open who may subscribe. Here a user's services are there for that user alone: for others
    /// their URIs are like any that nothing is known of, so nobody learns of them, or takes over a name by defining one.
    func service(
        _ uri: AddressOfRecord, for watcher: WatcherIdentity
    ) -> (owner: AddressOfRecord?, service: ListService)? {
        if case .authenticated(let user) = watcher, let own = services[user]?[uri] { return (user, own) }
        return services[nil]?[uri].map { (nil, $0) }
    }

    /// The members of a list, with those of lists that it names in the place of their URIs.
    ///
    /// RFC 4662 §4 allows notifications in notifications for them; without, any client can read what comes. Lists that
    /// contain each other come to an end as they do in documents.
    func flattened(_ members: [ListMember], for watcher: WatcherIdentity) -> [ListMember] {
        let flat = FlatList(tree(of: members, for: watcher)) { reference in
            guard case .list(let uri) = reference, let named = AddressOfRecord(uri) else { return nil }
            return .list(tree(of: service(named, for: watcher)?.service.members ?? [], for: watcher))
        }
        return flat.members
    }

    private func tree(of members: [ListMember], for watcher: WatcherIdentity) -> ResourceList {
        ResourceList(
            items: members.map { member in
                guard let named = member.presentity, service(named, for: watcher) != nil else { return .entry(member) }
                return .external(named.description, nil)
            })
    }

    /// Looks at a subscription to a list after the services of an owner were told.
    private mutating func servicesMayHaveChanged(
        of changed: AddressOfRecord?, for number: UInt64, at now: Instant, _ actions: inout [Action]
    ) {
        guard let subscription = subscriptions[number], subscription.isLive, let list = subscription.list,
            case .service(let owner) = list.origin
        else { return }
        guard let service = services[owner]?[subscription.presentity], service.serves(subscription.package) else {
            // After a restart owners come one after the other: those who were not told of yet keep what was kept.
            guard owner == changed else { return }
            // RFC 6665 §4.1.3: what was watched is no more. Its members still are; for them a watcher went.
            subscriptions[number]!.end(.deactivated, reason: "noresource")
            end(number, nil, at: now, &actions)
            return needsNotify(number, at: now, &actions)
        }
        let members = flattened(service.members, for: subscription.identity)
        guard members != list.members else { return }
        replaceMembers(of: number, by: members, at: now, &actions)
    }
}
