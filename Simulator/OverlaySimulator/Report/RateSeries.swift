import Primitives

/// What adds up over a run, by time: bytes, or successes and failures.
///
/// It has a bounded number of buckets: a run that goes on beyond them makes each bucket twice as wide. Sums are kept
/// in fixed point, so they are the same in whatever order values come and parts of a run are merged.
package struct RateSeries: Sendable {
    private struct Bucket: Sendable {
        /// In units of 2⁻¹⁶.
        var sum: Int64 = 0
        var count = 0
    }

    private static let unit = 65_536.0

    private let start: Interval
    private var width: Interval
    private let most: Int
    private var buckets: [Bucket] = []

    /// - Parameters:
    ///   - start: where the first bucket begins, from the start of the measured part; what came before counts there.
    ///   - width: of a bucket, at first.
    ///   - most: how many buckets there may be, at least 2.
    package init(start: Interval = .zero, width: Interval = .seconds(1), most: Int = 400) {
        precondition(width > .zero && most >= 2, "buckets have a width, and there are two or more")
        self.start = start
        self.width = width
        self.most = most
    }

    /// Adds a value, which is rounded to 2⁻¹⁶; all of one bucket together stay below 2⁴⁷.
    package mutating func add(_ value: Double, at time: Interval) {
        let index = reach(max(time - start, .zero))
        buckets[index].sum += Int64((value * Self.unit).rounded())
        buckets[index].count += 1
    }

    /// Adds all that another one holds that began in the same way.
    package mutating func merge(_ other: RateSeries) {
        precondition(start == other.start && most == other.most, "series that began differently can't be merged")
        var other = other
        while width < other.width { widen() }
        while other.width < width { other.widen() }
        precondition(width == other.width, "series that began differently can't be merged")
        for (index, bucket) in other.buckets.enumerated() {
            if index == buckets.count { buckets.append(Bucket()) }
            buckets[index].sum += bucket.sum
            buckets[index].count += bucket.count
        }
    }

    /// The sum a second, at the middle of each bucket up to the last that anything fell into.
    ///
    /// - Parameter end: of the run: a last bucket that it cuts off counts by the time that it had.
    package func rates(name: String, unit: String, until end: Interval? = nil) -> TimeSeries {
        series(name, unit, until: end) { bucket, length in Double(bucket.sum) / Self.unit / length.inSeconds }
    }

    /// The mean of the values in each bucket that has any: the share of successes when 1 was added for each and 0 for
    /// each failure.
    package func means(name: String, unit: String, until end: Interval? = nil) -> TimeSeries {
        series(name, unit, until: end) { bucket, _ in
            bucket.count == 0 ? nil : Double(bucket.sum) / Self.unit / Double(bucket.count)
        }
    }

    private func series(
        _ name: String, _ unit: String, until end: Interval?, _ value: (Bucket, Interval) -> Double?
    ) -> TimeSeries {
        var series = TimeSeries(name: name, unit: unit, points: [])
        for (index, bucket) in buckets.enumerated() {
            let begin = start + width * Double(index)
            var length = width
            if let end, end > begin, end - begin < width { length = end - begin }
            guard let value = value(bucket, length) else { continue }
            series.points.append(TimeSeries.Point(seconds: (begin + length * 0.5).inSeconds, value: value))
        }
        return series
    }

    /// The bucket for a time since the start, after the buckets were made so many or so wide that there is one.
    private mutating func reach(_ time: Interval) -> Int {
        while time.nanoseconds / width.nanoseconds >= Int64(most) { widen() }
        let index = Int(time.nanoseconds / width.nanoseconds)
        while buckets.count <= index { buckets.append(Bucket()) }
        return index
    }

    /// Makes each bucket twice as wide.
    private mutating func widen() {
        width = width + width
        var wide: [Bucket] = []
        for (index, bucket) in buckets.enumerated() {
            if index % 2 == 0 { wide.append(Bucket()) }
            wide[index / 2].sum += bucket.sum
            wide[index / 2].count += bucket.count
        }
        buckets = wide
    }
}
