/// What an entry of the queue stands for when it is no message: numbers that no message's place in a slab has.
enum Slot {
    /// The core wants to be woken.
    static let wake = CalendarQueue.wakeSlot
    /// The node joins, or comes back.
    static let join = UInt32.max - 1
    /// The node goes.
    static let leave = UInt32.max - 2
    /// The node's users register.
    static let register = UInt32.max - 3
    /// The node looks a user up.
    static let lookUp = UInt32.max - 4
    /// A user of the node changes a registration.
    static let change = UInt32.max - 5
    /// A user of the node changes presence.
    static let presence = UInt32.max - 6
    /// A user of the node calls somebody.
    static let call = UInt32.max - 7
    /// A call reaches the callee's node.
    static let ring = UInt32.max - 8
    /// The callee's node has answered.
    static let answer = UInt32.max - 9
    /// A flooder sends its next request.
    static let flood = UInt32.max - 10
    /// The users of a node begin to watch their buddies.
    static let watch = UInt32.max - 11

    /// The lowest of all.
    static let first = UInt32.max - 15
}
