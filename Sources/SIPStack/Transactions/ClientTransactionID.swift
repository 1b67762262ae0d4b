/// The name of a client transaction between a ``TransactionLayer`` and its user; never used twice in a run.
package struct ClientTransactionID: Hashable, Comparable, Sendable {
    package let number: UInt64

    package init(_ number: UInt64) { self.number = number }

    package static func < (a: ClientTransactionID, b: ClientTransactionID) -> Bool { a.number < b.number }
}
