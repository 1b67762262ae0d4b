extension Array {
    /// Inserts an element, with room for an eighth more when there is no room left: an array that grows slowly and is
    /// there a million times.
    @inlinable package mutating func insertSparingly(_ element: Element, at index: Int) {
        if count == capacity { reserveCapacity(count + count / 8 + 4) }
        insert(element, at: index)
    }
}
