/// A line of a plot.
struct PlotLine: Equatable {
    struct Point: Equatable {
        var x: Double
        var y: Double
    }

    var name: String
    /// Finite, in ascending order of `x`.
    let points: [Point]

    /// Points that are not finite, or so large that no run means them, are left out.
    init(name: String, points: some Sequence<Point>) {
        self.name = name
        self.points = points.filter { $0.x.magnitude < 1e15 && $0.y.magnitude < 1e15 }
    }

    /// The value at `x`; nil outside the line's ends.
    ///
    /// - Parameter isLevel: whether a point's value holds until the next one.
    func value(at x: Double, isLevel: Bool = false) -> Double? {
        guard let first = points.first, let last = points.last, x >= first.x, x <= last.x else { return nil }
        var low = 0
        var high = points.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if points[middle].x <= x { low = middle } else { high = middle }
        }
        let left = points[low]
        guard !isLevel, low + 1 < points.count else { return left.y }
        let right = points[low + 1]
        return right.x > left.x ? left.y + (right.y - left.y) * (x - left.x) / (right.x - left.x) : left.y
    }
}
