import OverlaySimulator
import Primitives
import Testing

@Suite struct RateSeriesTests {
    @Test func ratesAndMeansOfEachBucket() {
        var series = RateSeries(start: .seconds(-10), width: .seconds(10), most: 8)
        series.add(100, at: .seconds(-9))
        series.add(50, at: .seconds(-1))
        series.add(30, at: .seconds(12))
        series.add(10, at: .seconds(14))
        let rates = series.rates(name: "bytes", unit: "bytes/s")
        #expect(rates.name == "bytes" && rates.unit == "bytes/s")
        #expect(rates.points.map(\.seconds) == [-5, 5, 15] && rates.points.map(\.value) == [15, 0, 4])
        // The run ended 5 s into the last bucket.
        let cut = series.rates(name: "bytes", unit: "bytes/s", until: .seconds(15))
        #expect(cut.points.map(\.seconds) == [-5, 5, 12.5] && cut.points.map(\.value) == [15, 0, 8])
        let means = series.means(name: "size", unit: "bytes")
        #expect(means.points.map(\.seconds) == [-5, 15] && means.points.map(\.value) == [75, 20])
    }

    @Test func bucketsGetWiderWhenThereWouldBeTooMany() {
        var series = RateSeries(width: .seconds(1), most: 4)
        for second in 0..<4 { series.add(Double(second + 1), at: .seconds(second)) }
        #expect(series.rates(name: "a", unit: "").points.map(\.value) == [1, 2, 3, 4])
        series.add(8, at: .seconds(4))
        #expect(series.rates(name: "a", unit: "").points.map(\.value) == [1.5, 3.5, 4])
        #expect(series.rates(name: "a", unit: "").points.map(\.seconds) == [1, 3, 5])
        series.add(1, at: .hours(24 * 400))
        #expect(series.rates(name: "a", unit: "").points.count <= 4)
        #expect(series.means(name: "a", unit: "").points.map(\.value) == [3.6, 1])
    }

    @Test(arguments: 0..<16)
    func partsMergeInAnyOrder(_ seed: UInt64) {
        var random = RandomSource(seed: seed)
        var whole = RateSeries(width: .seconds(1), most: 20)
        var parts = [RateSeries](repeating: RateSeries(width: .seconds(1), most: 20), count: 5)
        for _ in 0..<500 {
            let value = random.unit() * Double(1 << (random.next() % 20))
            let part = Int(random.next() % 5)
            // Each part reaches as far as another power of ten.
            var time = Interval.milliseconds(10)
            for _ in 0...part { time = time * 10 }
            time = time * random.unit()
            whole.add(value, at: time)
            parts[part].add(value, at: time)
        }
        parts.shuffle(using: &random)
        var merged = parts[0]
        for part in parts.dropFirst() { merged.merge(part) }
        let expected = whole.rates(name: "a", unit: "").points
        #expect(merged.rates(name: "a", unit: "").points == expected && expected.count <= 20)
        #expect(merged.means(name: "a", unit: "").points == whole.means(name: "a", unit: "").points)
    }
}
