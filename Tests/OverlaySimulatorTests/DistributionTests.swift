import OverlaySimulator
import Primitives
import Testing

@Suite struct DistributionTests {
    private func distribution(_ values: [Double]) -> Distribution {
        values.reduce(into: Distribution()) { $0.add($1) }
    }

    @Test func percentilesAreValuesThatWereAdded() {
        let values = distribution([5, 1, 4, 2, 3])
        #expect(values.percentile(0) == 1 && values.percentile(0.2) == 1 && values.percentile(0.21) == 2)
        #expect(values.percentile(0.5) == 3 && values.percentile(1) == 5 && values.percentile(7) == 5)
        #expect(values.mean == 3 && values.count == 5)
        let sorted = values.sorted()
        #expect(sorted.least == 1 && sorted.most == 5 && sorted.share(upTo: 3) == 0.6 && sorted.share(upTo: 0) == 0)
    }

    @Test func nothingIsZero() {
        let empty = Distribution().sorted()
        #expect(empty.mean == 0 && empty.percentile(0.5) == 0 && empty.least == 0 && empty.most == 0)
        #expect(empty.share(upTo: 1) == 0 && empty.curve(name: "a", unit: "ms", points: 9).points.isEmpty)
    }

    @Test(arguments: 0..<8)
    func theOrderOfMergingMakesNoDifference(_ seed: UInt64) {
        var random = RandomSource(seed: seed)
        // Sums of such numbers depend on their order.
        let values = (0..<3_000).map { _ in random.unit() * Double(1 << (random.next() % 40)) }
        var parts = (0..<7).map { part in
            distribution(values.enumerated().filter { $0.offset % 7 == part }.map(\.element))
        }
        let whole = distribution(values)
        for _ in 0..<3 {
            parts.shuffle(using: &random)
            let merged = parts.reduce(into: Distribution()) { $0.merge($1) }
            #expect(merged.count == whole.count && merged.mean == whole.mean)
            #expect(merged.curve(name: "a", unit: "ms").points == whole.curve(name: "a", unit: "ms").points)
        }
    }

    @Test func aCurveAscendsFromTheLeastToTheGreatest() {
        var random = RandomSource(seed: 9)
        let values = distribution((0..<10_000).map { _ in random.exponential() * 50 })
        let curve = values.curve(name: "get.latency_ms", unit: "ms", points: 101)
        #expect(curve.name == "get.latency_ms" && curve.unit == "ms" && curve.points.count == 101)
        for (point, next) in zip(curve.points, curve.points.dropFirst()) {
            #expect(point.value < next.value && point.share < next.share)
        }
        let sorted = values.sorted()
        #expect(curve.points.first?.value == sorted.least && curve.points.last?.value == sorted.most)
        #expect(curve.points.last?.share == 1)
        for point in curve.points { #expect(sorted.share(upTo: point.value) == point.share) }
    }

    @Test func aCurveOfFewValuesHasEachOnce() {
        let curve = distribution([2, 1, 2, 2, 3, 3, 1, 2]).curve(name: "hops", unit: "hops", points: 50)
        #expect(curve.points.map(\.value) == [1, 2, 3])
        #expect(curve.points.map(\.share) == [0.25, 0.75, 1])
    }
}
