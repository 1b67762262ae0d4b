import Identity
import Primitives

/// A request that has not been answered yet.
struct PendingRequest: Sendable {
    /// What the answer is for. Requests are many: what seldom is in them lies elsewhere.
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
        case handOver
        /// What a node holds that was handed an older record.
        case newer
        /// Placing or renewing a lease for a watch of ours.
        indirect case lease(ResourceKey)
        /// A page of what a storing node holds that our watch has not seen.
        indirect case watchedPage(ResourceKey, number: UInt8)
        /// To be called by a stranger, who shows that this node can be reached.
        case callBack
        /// To see, for another node, whether this one can be reached.
        case call
        /// To keep the way open for those who push changes to a client.
        case keepOpen
        /// A change told to the watcher that is asked, under the lease with this serial number.
        indirect case change(ResourceKey, lease: UInt64)
    }

    let transaction: UInt64
    let destination: MessageDestination
    let purpose: Purpose
    let sentAt: Instant
    /// 1 for the first.
    let attempt: UInt8
    /// What was asked, where that is needed later.
    let question: Question?
    /// When the request counts as slow; it is never in a lookup's way after that.
    var slowAt: Instant
    /// When the request has failed.
    let lostAt: Instant

    /// A message body that is kept. Bodies are large and mostly not needed twice.
    final class Question: Sendable {
        let body: Message.Body

        init(_ body: Message.Body) { self.body = body }
    }

    /// The record that was sent, if it was kept for a repetition.
    var record: Record? {
        if case .store(let record, _) = question?.body { record } else { nil }
    }

    /// The key after which the records of a page must begin.
    var after: [UInt8]? {
        if case .fetch(_, _, let after, _) = question?.body { after } else { nil }
    }

    /// What is sent again when no answer comes; nil when it was sent often enough.
    var repetition: Message.Body? { purpose.mostAttempts > attempt ? question?.body : nil }

    var contact: ContactHandle? {
        if case .contact(let contact) = destination { contact } else { nil }
    }

    /// When something is to be done about the request if no answer comes.
    var deadline: Instant { min(slowAt, lostAt) }
}

extension PendingRequest.Purpose {
    /// How often the request is sent before it counts as failed. Questions of a lookup go to somebody else instead.
    var mostAttempts: UInt8 {
        switch self {
        case .search, .bootstrap, .liveness, .repair, .newer, .callBack, .call: 1
        case .page, .replica, .handOver, .lease, .watchedPage, .keepOpen: 2
        case .change: 3
        }
    }
}
