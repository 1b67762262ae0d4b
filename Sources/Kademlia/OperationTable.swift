/// The lookups and stores under way, in the order in which they began.
///
/// Most nodes have one or two, each message of theirs asks for one, and a hash would cost more than it finds.
struct OperationTable: Sendable {
    private var entries: [(id: OperationID, operation: Operation)] = []

    /// An empty table keeps room for so many.
    private static let roomKept = 8

    /// All of them, oldest first.
    var values: some Sequence<Operation> { entries.lazy.map(\.operation) }

    subscript(id: OperationID) -> Operation? {
        let index = index(of: id)
        return index < entries.count && entries[index].id == id ? entries[index].operation : nil
    }

    /// Adds an operation, whose ID is greater than all before it.
    mutating func append(_ operation: Operation, as id: OperationID) {
        precondition(entries.last.map { $0.id.rawValue < id.rawValue } ?? true, "operations are numbered")
        entries.append((id, operation))
    }

    /// Removes an operation if it is there.
    mutating func remove(_ id: OperationID) {
        let index = index(of: id)
        guard index < entries.count, entries[index].id == id else { return }
        entries.remove(at: index)
        if entries.isEmpty, entries.capacity > Self.roomKept { entries = [] }
    }

    /// Names the memory in which the operations are listed.
    @inline(__always)
    func touches(_ use: (UnsafeRawPointer, Int) -> Void) { entries.touches(0..<2, use) }

    /// Names the memory of the operation that began last, of which the list must be at hand.
    @inline(__always)
    func touchesLast(_ use: (UnsafeRawPointer, Int) -> Void) {
        guard let last = entries.last else { return }
        use(UnsafeRawPointer(Unmanaged.passUnretained(last.operation).toOpaque()), 320)
    }

    private func index(of id: OperationID) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].id.rawValue < id.rawValue { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
