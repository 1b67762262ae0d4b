/// The name of a server transaction between a ``TransactionLayer`` and its user; never used twice in a run.
package struct ServerTransactionID: Hashable, Comparable, Sendable {
    package let number: UInt64

    package init(_ number: UInt64) { self.number = number }

    package static func < (a: ServerTransactionID, b: ServerTransactionID) -> Bool { a.number < b.number }
}
