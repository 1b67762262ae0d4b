import Kademlia

/// The messages that are on their way, in places that are used again.
///
/// A message is moved in and out and never stirs meanwhile: places come in chunks. That is sound because a place is filled
/// when `put` gives its number and empty again when `take` is given it, once for each, as one entry of the queue has it.
struct MessageSlab: ~Copyable {
    private var chunks: [UnsafeMutablePointer<Message>] = []
    private var free: [UInt32] = []
    private var used: UInt32 = 0

    private static let chunkBits: UInt32 = 12

    // The messages that are still there own records; `free` tells which places hold none.
    deinit {
        let empty = Set(free)
        for slot in 0..<used where !empty.contains(slot) { place(of: slot).deinitialize(count: 1) }
        for chunk in chunks { chunk.deallocate() }
    }

    private func place(of slot: UInt32) -> UnsafeMutablePointer<Message> {
        chunks[Int(slot >> Self.chunkBits)] + Int(slot & (1 << Self.chunkBits - 1))
    }

    /// Where a message lies.
    func address(of slot: UInt32) -> UnsafePointer<Message> { UnsafePointer(place(of: slot)) }

    mutating func put(_ message: consuming Message) -> UInt32 {
        let slot = free.popLast() ?? nextUnused()
        place(of: slot).initialize(to: message)
        return slot
    }

    mutating func take(_ slot: UInt32) -> Message {
        free.append(slot)
        return place(of: slot).move()
    }

    private mutating func nextUnused() -> UInt32 {
        if used >> Self.chunkBits == chunks.count { chunks.append(.allocate(capacity: 1 << Int(Self.chunkBits))) }
        used += 1
        return used - 1
    }
}
