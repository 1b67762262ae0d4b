import Primitives

/// What a lookup cost.
package struct LookupTrace: Hashable, Sendable {
    /// The length of the chain of answers that led to the result: 1 when a contact that was known already had it.
    package var hops = 0
    /// Requests sent.
    package var requests = 0
    /// Requests that were never answered.
    package var timeouts = 0
    /// From the start to the end.
    package var duration = Interval.zero
    /// From the start to the first valid record; nil when there was none.
    package var firstRecordAfter: Interval?

    package init() {}
}
