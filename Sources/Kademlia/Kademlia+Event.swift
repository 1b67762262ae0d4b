import Identity
import Primitives

extension Kademlia {
    /// What happens to the overlay's core.
    package enum Event: Sendable {
        /// Enter the overlay through addresses from the configuration and contacts from the journal. With neither
        /// the node is the first of its overlay and waits for others.
        case join(bootstrap: [Endpoint], remembered: [Contact])
        /// A message arrived within a session with this node.
        case received(Message, from: ContactHandle)
        /// The session with it can't be established, or broke.
        case unreachable(MessageDestination)
        /// Find the records of a resource; answered by ``Action/found(_:_:)``.
        case lookUp(LookupToken, RecordKind, ResourceID, LookupOptions)
        /// Find a node, and those closest to it; answered by ``Action/found(_:_:)`` without records.
        case lookUpNode(LookupToken, NodeID)
        /// Have nodes close to a client tell it to call this one, as it can't be reached otherwise.
        case introduce(to: NodeID, through: [Contact])
        /// Store a record at the closest nodes once; answered by ``Action/stored(_:_:)``.
        case store(StoreToken, Record, StoreOptions)
        /// The same, and store it again and again until ``withdraw(_:_:)``, ``release(_:)`` or its end. A newer
        /// record takes the place of the one with its identity.
        case keep(StoreToken, Record, StoreOptions)
        /// Store a tombstone and keep that; answered by ``Action/stored(_:_:)``.
        case withdraw(StoreToken, Record)
        /// Keep the record no longer, and leave it to its end.
        case release(Record.Identity)
        /// Report what there is of a resource and every change to it.
        case watch(WatchToken, RecordKind, ResourceID)
        /// Report no more to this token.
        case unwatch(WatchToken)
        /// A record out of the journal, before ``join(bootstrap:remembered:)``.
        case restore(StoredEntry)
        /// Hand over what is held and tell the neighbours; ends with ``Action/left``.
        case leave
        /// Something other than this core's messages was sent there.
        case spoke(to: Endpoint)
        /// ``Kademlia/nextDeadline`` has come.
        case wake
    }
}
