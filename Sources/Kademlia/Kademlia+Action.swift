extension Kademlia {
    /// What the overlay's core wants done.
    package enum Action: Sendable {
        /// Send it within a session; a datagram when it fits into one, else reliably.
        case send(Message, to: MessageDestination)
        /// A lookup has ended.
        case found(LookupToken, LookupOutcome)
        /// A store has ended.
        case stored(StoreToken, StoreOutcome)
        /// A watched resource changed.
        case changed(WatchToken, RecordChange)
        /// A kept record has used up two thirds of its life. Its writer signs another with the same sequence and
        /// value and a later end (a refresh), and asks to keep that; otherwise the record ends.
        case renew(Record)
        /// Write it to the journal, in the place of what is there for its identity.
        case persist(StoredEntry)
        /// Remove it from the journal.
        case forget(Record.Identity)
        /// Contacts to join through after a restart, in the place of those before.
        case rememberContacts([ContactHandle])
        /// All that can be done before leaving is done.
        case left
        /// For logs and metrics.
        case observe(KademliaObservation)
    }
}
