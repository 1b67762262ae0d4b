import XMLTree

/// Which elements of an old list go on in a new one: the longest common subsequence.
enum ElementAlignment {
    /// The most pairs of elements that are compared; a composed document that changed from end to end has as many.
    private static let mostPairs = 512 * 512

    private struct Key: Hashable {
        var name: XMLName
        var prefix: String
        var id: String?

        init(_ element: XMLElement) {
            name = element.name
            prefix = element.prefix
            id = element[attribute: PIDF.id]
        }
    }

    /// For each new element the place of the old one that it was, ascending; nil for one that is new.
    ///
    /// - Returns: nil when there are too many to compare.
    static func partners(of news: [XMLElement], among olds: [XMLElement]) -> [Int?]? {
        var partners = [Int?](repeating: nil, count: news.count)
        var start = 0
        while start < min(olds.count, news.count), olds[start] == news[start] {
            partners[start] = start
            start += 1
        }
        var oldEnd = olds.count
        var newEnd = news.count
        while oldEnd > start, newEnd > start, olds[oldEnd - 1] == news[newEnd - 1] {
            oldEnd -= 1
            newEnd -= 1
            partners[newEnd] = oldEnd
        }
        let rows = oldEnd - start
        let columns = newEnd - start
        guard rows * columns <= mostPairs else { return nil }
        let weights = weights(Array(olds[start..<oldEnd]), Array(news[start..<newEnd]))
        // best[row][column]: what the lists from there on have in common.
        var best = [Int](repeating: 0, count: (rows + 1) * (columns + 1))
        for row in (0..<rows).reversed() {
            for column in (0..<columns).reversed() {
                let here = row * (columns + 1) + column
                best[here] = max(best[here + columns + 1], best[here + 1])
                let weight = weights(row, column)
                if weight > 0 { best[here] = max(best[here], best[here + columns + 2] + weight) }
            }
        }
        var row = 0
        var column = 0
        while row < rows, column < columns {
            let here = row * (columns + 1) + column
            let weight = weights(row, column)
            if weight > 0, best[here] == best[here + columns + 2] + weight {
                partners[start + column] = start + row
                row += 1
                column += 1
            } else if best[here] == best[here + columns + 1] {
                row += 1
            } else {
                column += 1
            }
        }
        return partners
    }

    /// How much it is worth that one became the other: most when they are equal, nothing when they are not the same.
    private static func weights(_ olds: [XMLElement], _ news: [XMLElement]) -> (Int, Int) -> Int {
        let classes = numbers(olds + news)
        let keys = numbers((olds + news).map(Key.init))
        return { row, column in
            let other = olds.count + column
            if classes[row] == classes[other] { return 2 }
            return keys[row] == keys[other] ? 1 : 0
        }
    }

    /// Equal numbers for equal values.
    private static func numbers<Value: Hashable>(_ values: [Value]) -> [Int] {
        var known: [Value: Int] = [:]
        return values.map { value in
            if let number = known[value] { return number }
            known[value] = known.count
            return known.count - 1
        }
    }
}
