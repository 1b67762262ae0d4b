import Kademlia

/// The messages that are on their way, in places that are used again.
struct MessageSlab: Sendable {
    private var messages: [Message?] = []
    private var free: [UInt32] = []

    mutating func put(_ message: Message) -> UInt32 {
        if let slot = free.popLast() {
            messages[Int(slot)] = message
            return slot
        }
        messages.append(message)
        return UInt32(messages.count - 1)
    }

    mutating func take(_ slot: UInt32) -> Message {
        let message = messages[Int(slot)]!
        messages[Int(slot)] = nil
        free.append(slot)
        return message
    }
}
