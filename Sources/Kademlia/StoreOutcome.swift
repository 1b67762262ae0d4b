import Identity

/// What became of a store.
package struct StoreOutcome: Sendable {
    /// A node that refused, and why.
    package struct Refusal: Hashable, Sendable {
        /// nil when it was this node.
        package var contact: Contact?
        package var reason: RecordRefusal
        /// The sequence which that node holds, if it holds one: what to write next must be higher.
        package var heldSequence: Int64?

        package init(contact: Contact?, reason: RecordRefusal, heldSequence: Int64?) {
            self.contact = contact
            self.reason = reason
            self.heldSequence = heldSequence
        }
    }

    /// What was stored.
    package var identity: Record.Identity
    /// How many nodes hold the record now, this one included if it does.
    package var replicas: Int
    /// Who refused it.
    package var refusals: [Refusal]
    /// How many were asked and did not answer.
    package var unanswered: Int
    /// What finding the nodes and storing at them cost.
    package var trace: LookupTrace

    package init(
        identity: Record.Identity, replicas: Int, refusals: [Refusal], unanswered: Int, trace: LookupTrace
    ) {
        self.identity = identity
        self.replicas = replicas
        self.refusals = refusals
        self.unanswered = unanswered
        self.trace = trace
    }
}
