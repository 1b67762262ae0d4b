/// Conditions on a store.
package struct StoreOptions: Hashable, Sendable {
    /// Compare-and-swap: nodes store the record only if they hold this sequence there; -1 if they hold nothing.
    package var expectedSequence: Int64?

    package init(expectedSequence: Int64? = nil) { self.expectedSequence = expectedSequence }
}
