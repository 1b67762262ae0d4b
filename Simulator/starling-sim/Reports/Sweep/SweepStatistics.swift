/// The median, the least and the greatest of some values.
struct SweepStatistics: Equatable {
    let median: Double
    let least: Double
    let greatest: Double

    /// nil of no values; those that are not finite do not count.
    init?(_ values: [Double]) {
        let sorted = values.filter(\.isFinite).sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let middle = sorted.count / 2
        median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        (least, greatest) = (first, last)
    }
}
