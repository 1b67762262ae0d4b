import Kademlia

/// What one shard sends to a node of another: an entry for its queue, and the message if it is one.
struct Parcel {
    var entry: CalendarQueue.Entry
    var message: Message?
}
