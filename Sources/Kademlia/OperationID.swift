/// Names a lookup or store that is under way within a core.
struct OperationID: Hashable, Sendable {
    let rawValue: UInt64
}
