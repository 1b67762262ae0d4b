import Identity
import Primitives

/// A request that has not been answered yet.
struct PendingRequest: Sendable {
    /// What the answer is for.
    enum Purpose: Sendable {
        /// To see whether the contact lives.
        case liveness
        /// The first word to a bootstrap address or a remembered contact.
        case bootstrap
        /// A question of a lookup.
        case search(OperationID)
        /// A further page of a lookup's records.
        case page(OperationID)
        /// A record to be stored for somebody who waits for the outcome.
        case replica(OperationID)
        /// A newer record for a replica that lagged: nobody waits for it.
        case repair
        /// A record for a node that has become responsible for it.
        case handOver(Record.Identity)
        /// Placing or renewing a lease for a watch of ours.
        case lease(ResourceKey)
        /// A page of what a storing node holds that our watch has not seen.
        case watchedPage(ResourceKey)
        /// A change told to a watcher.
        case change(ResourceKey, watcher: NodeID)
    }

    let destination: MessageDestination
    let body: Message.Body
    let purpose: Purpose
    let sentAt: Instant
    /// 1 for the first.
    let attempt: Int

    var contact: Contact? {
        if case .contact(let contact) = destination { contact } else { nil }
    }

    /// How often the request is sent before it counts as failed. Questions of a lookup go to somebody else instead.
    var mostAttempts: Int {
        switch purpose {
        case .search, .bootstrap, .liveness, .repair: 1
        case .page, .replica, .handOver, .lease, .watchedPage: 2
        case .change: 3
        }
    }
}
