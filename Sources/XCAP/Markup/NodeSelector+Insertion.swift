extension NodeSelector {
    /// Where a new element goes among the children of its parent.
    enum InsertionPoint: Hashable {
        /// At this offset of the document.
        case offset(Int)
        /// Behind all that the parent holds.
        case end
    }

    /// Where a PUT inserts an element that its selector does not find yet (RFC 4825 §8.2.3).
    ///
    /// - Parameter siblings: the child elements of the parent.
    /// - Returns: nil when there is no place where the selector would find it.
    func insertionPoint(among siblings: [ElementMarkup]) -> InsertionPoint? {
        guard let step = steps.last else { return nil }
        let alike = siblings.filter(step.admits)
        switch step.position {
        case nil:
            // The earliest of the last positions: right behind the last element of the name. A wildcard means any last
            // place, behind whatever text and comments there are.
            guard step.name != nil, let last = alike.last else { return .end }
            return .offset(last.range.upperBound)
        case 1?:
            // Just before the first one; where there is none, the position constrains nothing.
            return alike.first.map { .offset($0.range.lowerBound) } ?? .end
        case let position?:
            // The earliest nth: n-1 elements before it, and as many nodes as possible behind.
            guard position > 1, alike.indices.contains(position - 2) else { return nil }
            return .offset(alike[position - 2].range.upperBound)
        }
    }
}
