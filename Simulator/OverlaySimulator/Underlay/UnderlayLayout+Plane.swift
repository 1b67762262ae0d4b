import Primitives

extension UnderlayLayout {
    /// Nodes that are close to each other on the whole: a continent.
    private struct Cluster {
        var share: Double
        var center: SIMD2<Double>
        var spread: SIMD2<Double>
    }

    /// Fitted to the 15,000 coordinates that OverSim distributes, whose one-way delays have the percentiles 10, 50, 90,
    /// 99 and 99.9 at 16, 70, 157, 249 and 395 ms: three dense clusters, normally distributed, and all others around
    /// them in a Laplace distribution. This gives 17, 70, 156, 249 and 394 ms. In milliseconds.
    private static let clusters = [
        Cluster(share: 0.415, center: SIMD2(-21, -2), spread: SIMD2(14, 14)),
        Cluster(share: 0.35, center: SIMD2(-26, -72), spread: SIMD2(17, 9)),
        Cluster(share: 0.125, center: SIMD2(51, 67), spread: SIMD2(23, 27)),
    ]
    private static let others = Cluster(share: 0.11, center: SIMD2(-8, -3), spread: SIMD2(58, 58))

    /// The golden ratio without its whole part.
    private static let golden = 0.618_033_988_749_894_8

    /// Each node at a random place, so that delays resemble those of the Internet; none is below 1 ms.
    ///
    /// Steps of the golden ratio choose the clusters, so that each has its share among few nodes too and one seed
    /// gives delays much like another's.
    mutating func placeInPlane(_ nodes: Int, using random: inout RandomSource) {
        least = Interval.milliseconds(1).nanoseconds
        places.reserveCapacity(nodes)
        let start = random.unit()
        for node in 0..<nodes {
            let choice = (start + Double(node) * Self.golden).truncatingRemainder(dividingBy: 1)
            places.append(SIMD2<Float>(Self.place(choice, using: &random)))
        }
    }

    private static func place(_ choice: Double, using random: inout RandomSource) -> SIMD2<Double> {
        var left = choice
        for cluster in clusters {
            left -= cluster.share
            if left < 0 { return cluster.center + cluster.spread * SIMD2(random.normal(), random.normal()) }
        }
        return others.center + others.spread * SIMD2(laplace(using: &random), laplace(using: &random))
    }

    private static func laplace(using random: inout RandomSource) -> Double {
        let magnitude = random.exponential()
        return random.next() & 1 == 0 ? magnitude : -magnitude
    }
}
