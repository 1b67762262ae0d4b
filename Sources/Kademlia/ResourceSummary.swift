import Primitives

/// A hash over the records of a resource by which a watcher sees whether it has missed something.
///
/// It is a hint and no proof: whoever can make it collide can as well not tell at all, and other storing nodes will.
enum ResourceSummary {
    /// The exclusive or, which no order disturbs, of the first eight bytes of the records' digests.
    static func of(_ records: some Sequence<Record>) -> UInt64 {
        records.reduce(0) { $0 ^ $1.digest.words[0] }
    }
}
