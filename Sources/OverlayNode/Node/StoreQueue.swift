import Kademlia

/// Records that wait to be stored, so that a gateway with thousands of accounts does not store them all at once.
struct StoreQueue: Sendable {
    /// Stores under way at one time.
    static let maximumUnderWay = 32

    private var waiting: [Record] = []
    private var next = 0
    private var underWay: Set<StoreToken> = []

    /// Puts a record at the end of the queue.
    mutating func append(_ record: Record) { waiting.append(record) }

    /// The next record, when there is room for another store; ``began(_:)`` follows.
    mutating func pop() -> Record? {
        guard underWay.count < Self.maximumUnderWay, next < waiting.count else { return nil }
        defer {
            next += 1
            if next == waiting.count {
                waiting = []
                next = 0
            }
        }
        return waiting[next]
    }

    mutating func began(_ token: StoreToken) { underWay.insert(token) }

    /// - Returns: whether the store was one of this queue's.
    mutating func ended(_ token: StoreToken) -> Bool { underWay.remove(token) != nil }
}
