import Primitives

/// The requests that were sent and not answered, found by transaction ID and by deadline.
///
/// A transaction ID is 48 random bits, which nobody guesses, and then 16 bits of where the request stands here: an
/// answer finds its request without a search. Most nodes have no request open most of the time, so the memory is given
/// back with the last one.
struct PendingRequests: Sendable {
    private var slots: [PendingRequest?] = []
    private var free: [UInt16] = []
    /// The lowest at the root. A request that was answered meanwhile is passed over when it comes up.
    private var heap: [Entry] = []
    private(set) var count = 0

    private struct Entry: Sendable {
        let deadline: Instant
        let transaction: UInt64
    }

    /// Open requests at once: more than a busy gateway has, and no more than a transaction ID can number.
    static let most = 65_535

    /// Whether one more request would be too many.
    var isFull: Bool { count >= Self.most }

    /// The earliest deadline of all.
    var earliest: Instant? { heap.first?.deadline }

    /// All open requests, in order of their place.
    var all: [PendingRequest] { slots.compactMap { $0 } }

    /// Whom a request that is open was sent to.
    func destination(of transaction: UInt64) -> MessageDestination? {
        isOpen(transaction) ? slots[Int(transaction & 0xFFFF)]?.destination : nil
    }

    private func isOpen(_ transaction: UInt64) -> Bool {
        let slot = Int(transaction & 0xFFFF)
        return slot < slots.count && slots[slot]?.transaction == transaction
    }

    /// Names the memory in which a request lies, and that of the deadlines.
    func touches(_ transaction: UInt64, _ use: (UnsafeRawPointer, Int) -> Void) {
        let slot = Int(transaction & 0xFFFF)
        guard slot < slots.count else { return }
        slots.touches(slot..<slot + 1, use)
        heap.touches(0..<2, use)
        free.touches(0..<1, use)
    }

    /// The transaction ID for the request that will be added next.
    func nextTransaction(_ random: UInt64) -> UInt64 {
        random & ~0xFFFF | UInt64(free.last ?? UInt16(truncatingIfNeeded: slots.count))
    }

    /// - Parameter request: with the ID that ``nextTransaction(_:)`` gave.
    mutating func add(_ request: PendingRequest) {
        precondition(!isFull, "too many open requests")
        let slot = Int(request.transaction & 0xFFFF)
        if free.popLast() == nil { slots.append(request) } else { slots[slot] = request }
        count += 1
        push(Entry(deadline: request.deadline, transaction: request.transaction))
    }

    @discardableResult
    mutating func remove(_ transaction: UInt64) -> PendingRequest? {
        let slot = Int(transaction & 0xFFFF)
        guard isOpen(transaction), let request = slots[slot].take() else { return nil }
        free.append(UInt16(slot))
        count -= 1
        if count == 0 {
            slots = []
            free = []
            heap = []
        } else {
            dropAnswered()
        }
        return request
    }

    /// A request whose deadline has come.
    enum Due: Sendable {
        case slow(PendingRequest)
        case lost(PendingRequest)
    }

    /// Takes the request with the earliest deadline that is not after `now`. One that is slow stays; one that is lost
    /// is removed.
    mutating func popDue(at now: Instant) -> Due? {
        let slot = heap.first.map { Int($0.transaction & 0xFFFF) }
        guard let first = heap.first, first.deadline <= now, let slot, let request = slots[slot] else { return nil }
        guard request.slowAt < request.lostAt, request.slowAt <= now else {
            remove(first.transaction)
            return .lost(request)
        }
        popFirst()
        slots[slot]?.slowAt = .distantFuture
        push(Entry(deadline: request.lostAt, transaction: request.transaction))
        dropAnswered()
        return .slow(request)
    }

    /// Keeps the first entry of the heap one that counts.
    private mutating func dropAnswered() {
        while let first = heap.first, !isOpen(first.transaction) { popFirst() }
    }

    private static func precedes(_ a: Entry, _ b: Entry) -> Bool {
        a.deadline != b.deadline ? a.deadline < b.deadline : a.transaction & 0xFFFF < b.transaction & 0xFFFF
    }

    private mutating func push(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard Self.precedes(entry, heap[parent]) else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = entry
    }

    private mutating func popFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        var parent = 0
        while true {
            var child = parent * 2 + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, Self.precedes(heap[child + 1], heap[child]) { child += 1 }
            guard Self.precedes(heap[child], last) else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = last
    }
}
