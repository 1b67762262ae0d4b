/// What the copies of one request that was forked on its way here have in common (RFC 3261 §8.2.2.2).
struct MergeKey: Hashable, Sendable {
    var fromTag: String
    var callID: String
    var sequence: UInt32
}
