import Identity
import Presence
import Primitives

/// Who watches a user behind other nodes.
extension PresenceUsage {
    /// Nodes whose watchers of one user are gathered; the watchers of more are not told of.
    package static let maximumWatchingNodes = 64

    /// These nodes watch the user's presence at this one: they apply the user's rules to watchers of their own, whom they
    /// tell who holds the user's account.
    package mutating func watchersAre(
        at nodes: [NodeID], of user: AddressOfRecord, accounts: AccountUsage, into actions: inout [Action]
    ) {
        guard let known = watched[user]?.packages[.watcherInformation]?.subscribed, accounts.account(user) != nil else {
            return
        }
        let resource = EventResource(user, .watcherInformation)
        let wanted = Set(nodes.prefix(Self.maximumWatchingNodes))
        watched[user]!.packages[.watcherInformation]!.subscribed = wanted
        for node in known.subtracting(wanted).sorted() {
            actions.append(.unsubscribe(resource, at: node, watcher: nil))
            actions.append(.gone(resource, source: node))
        }
        for node in wanted.subtracting(known).sorted() {
            actions.append(.subscribe(resource, at: node, watcher: nil))
        }
    }
}
