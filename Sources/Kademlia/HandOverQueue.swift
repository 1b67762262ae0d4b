import Identity
import Primitives

/// Records on their way to nodes that have become responsible for them, a few at a time.
struct HandOverQueue: Sendable {
    /// A record and who should hold it.
    struct Item: Hashable, Sendable {
        let identity: Record.Identity
        let contact: ContactHandle
    }

    private var items: [Item] = []
    private var first = 0
    private var queued: Set<Item> = []
    /// Sent and not acknowledged.
    var underWay = 0
    /// When the bucket of tokens that hand-overs take will be full (``TokenRate``).
    private var full = Instant(nanoseconds: 0)

    /// Waiting items: beyond that the periodic replication takes over.
    static let mostItems = 65_536
    /// Unacknowledged at once: the acknowledgements set the pace, so that a joining node is not flooded.
    static let window = 4
    /// The same while leaving, when time is short.
    static let leavingWindow = 64

    var isEmpty: Bool { first == items.count }

    /// Takes the token for one record.
    ///
    /// - Returns: nil when there was one, else when there will be.
    mutating func wait(perSecond: Int, at now: Instant) -> Instant? {
        let rate = TokenRate(perSecond: perSecond, burst: perSecond)
        guard let next = rate.take(1, fullAt: full, at: now) else { return rate.holds(1, fullAt: full) }
        full = next
        return nil
    }

    /// Whom records wait for.
    var receivers: [ContactHandle] { items[first...].map(\.contact) }

    mutating func add(_ identity: Record.Identity, for contact: ContactHandle) {
        let item = Item(identity: identity, contact: contact)
        guard queued.count < Self.mostItems, queued.insert(item).inserted else { return }
        items.append(item)
    }

    /// Sends nothing more to a contact; what is under way may still be acknowledged.
    mutating func removeAll(for contact: ContactHandle) {
        guard !isEmpty else { return }
        items = items[first...].filter { $0.contact != contact }
        first = 0
        queued = Set(items)
    }

    mutating func next() -> Item? {
        guard first < items.count else { return nil }
        let item = items[first]
        first += 1
        queued.remove(item)
        if first == items.count {
            // Most nodes have nothing to hand over most of the time: the memory is given back.
            items = []
            queued = []
            first = 0
        } else if first > 1_024, first * 2 > items.count {
            items.removeFirst(first)
            first = 0
        }
        return item
    }
}
