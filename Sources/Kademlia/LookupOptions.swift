/// How thorough a lookup of records is.
package struct LookupOptions: Hashable, Sendable {
    /// How many nodes that hold records must have answered before the lookup ends: more cost more messages and find
    /// the newest record more surely. 1 ends at the first record, which may be a copy that is some minutes old where
    /// the kind allows for that (``RecordKind/mayBeCached``).
    package var quorum: Int

    /// Whether its steps are kept and told with the outcome.
    package var isTraced: Bool

    package init(quorum: Int = 2, isTraced: Bool = false) {
        self.quorum = quorum
        self.isTraced = isTraced
    }
}
