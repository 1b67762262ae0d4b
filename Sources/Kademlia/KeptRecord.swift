import Primitives

/// A record that this node wrote and keeps alive.
struct KeptRecord: Sendable {
    let record: Record
    /// When it is stored again at the nodes that are closest by then.
    var republishAt: Instant
    /// When its writer is asked for a successor.
    var renewAt: Instant

    /// The nodes that held it when it was stored last: what takes its place goes to them at once.
    var holders: [ContactHandle] = []

    /// When something is to be done.
    var deadline: Instant { min(republishAt, renewAt, record.notAfter) }
}
