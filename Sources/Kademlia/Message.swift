import Identity
import Primitives

/// What one node says to another: a request, or the answer that bears the request's transaction ID.
package struct Message: Hashable, Sendable {
    /// Chosen at random by whoever asks; the answer repeats it.
    package var transaction: UInt64
    package var body: Body
    /// Whether the sender is a client, which nobody can reach unasked: it is never taken for a contact.
    package var isFromClient: Bool

    package init(transaction: UInt64, body: Body, isFromClient: Bool = false) {
        self.transaction = transaction
        self.body = body
        self.isFromClient = isFromClient
    }

    /// The messages of docs/protocol.md §4.2, requests each followed by their answer.
    package enum Body: Hashable, Sendable {
        /// Are you there?
        case ping
        /// Yes, and I see you at this endpoint.
        case pong(observed: Endpoint)
        /// Which nodes that you know are closest to this ID, but for those that I know?
        case findNodes(closeTo: Bits256, known: KnownContacts)
        case nodes(ContactList)
        /// Which records do you hold, and who is closer, but for those that I know? Records with keys up to `after` are left
        /// out.
        case fetch(RecordKind, ResourceID, after: [UInt8]?, known: KnownContacts)
        case fetched(FetchAnswer)
        /// Store this.
        case store(Record, expectedSequence: Int64?)
        /// `refusal` is nil when the record is held now.
        case stored(refusal: RecordRefusal?, heldSequence: Int64?)
        /// Tell me of every change for so many seconds; 0 ends the lease.
        case watch(RecordKind, ResourceID, lease: UInt64, seconds: UInt32)
        case watching(WatchAnswer)
        /// A record of a resource that you watch has come or changed.
        case changed(Record, lease: UInt64)
        /// `isWatched` is false when the lease is not known (any more), and may be ended.
        case changeSeen(isWatched: Bool)
        /// Keep copies of these records of one resource for a while, as you were asked for them and have none. There is
        /// no answer.
        case cache([Record])
        /// I am leaving; forget me. There is no answer.
        case leaving
        /// Have somebody ping me to whom I have not spoken.
        case callBack
        /// I see you at this endpoint; and who will ping you.
        case callBackAnswer(observed: Endpoint, CallBackAnswer)
        /// Ping this node, which asks for it. There is no answer.
        case callThis(ContactHandle)
        /// Tell this client, should it keep the way to you open, that I want it to call me. There is no answer.
        case introduce(NodeID)
    }

    /// What a node answers to a fetch.
    package struct FetchAnswer: Hashable, Sendable {
        /// In order of their keys.
        package var records: [Record]
        /// Whether more follow: the next fetch names the last key of this page.
        package var hasMore: Bool
        /// The closest contacts known to the resource.
        package var closer: ContactList
        /// Whether the records are copies that the node keeps for a while (``cache(_:)``), and does not store.
        package var isCached = false

        package init(records: [Record], hasMore: Bool, closer: ContactList, isCached: Bool = false) {
            self.records = records
            self.hasMore = hasMore
            self.closer = closer
            self.isCached = isCached
        }
    }

    /// What a node answers to a watch.
    package struct WatchAnswer: Hashable, Sendable {
        /// How long the lease lasts; 0 when it was refused or ended.
        package var seconds: UInt32
        /// A hash of what is held of the resource (``ResourceSummary``): the watcher fetches when its own differs.
        package var summary: UInt64
        /// The closest contacts known to the resource.
        package var closer: ContactList

        package init(seconds: UInt32, summary: UInt64, closer: ContactList) {
            self.seconds = seconds
            self.summary = summary
            self.closer = closer
        }
    }

    /// Whether somebody will call.
    package enum CallBackAnswer: Hashable, Sendable {
        /// This node was asked to.
        case asked(ContactHandle)
        /// The answering node knows no third one.
        case nobody
        /// Too much was asked of the answering node.
        case notNow
    }

    /// Whether this answers something.
    package var isAnswer: Bool {
        switch body {
        case .pong, .nodes, .fetched, .stored, .watching, .changeSeen, .callBackAnswer: true
        case .ping, .findNodes, .fetch, .store, .watch, .changed, .leaving, .cache, .callBack, .callThis, .introduce:
            false
        }
    }
}
