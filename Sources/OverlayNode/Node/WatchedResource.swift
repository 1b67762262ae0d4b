import Kademlia
import Primitives

/// A resource that this node watches; one watch serves all who want to know.
struct WatchedResource: Hashable, Sendable {
    var kind: RecordKind
    var resource: ResourceID
}
