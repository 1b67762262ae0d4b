import Primitives

/// How long datagrams take: each node has a place in a plane, and the distance is the delay.
///
/// The coordinates follow a Laplace distribution whose scale was fitted to the one-way delays between the 15,000
/// coordinates that OverSim distributes (p50 70, p90 157, p99 249 ms): this gives 72, 152 and 243 ms.
package struct CoordinateUnderlay: Sendable {
    /// Milliseconds.
    private var places: [SIMD2<Double>] = []
    private var random: RandomSource

    private static let scale = 35.0
    /// Two nodes in one place still have cables between them. It is also how far ahead a part of the network can be
    /// simulated without hearing from the others.
    package static let leastDelay = Interval.microseconds(500)

    package init(random: RandomSource) { self.random = random }

    /// Places one more node.
    package mutating func addNode() { places.append(SIMD2(coordinate(), coordinate())) }

    /// The one-way delay between two nodes.
    package func delay(from source: Int, to destination: Int) -> Interval {
        let difference = places[source] - places[destination]
        let distance = (difference * difference).sum().squareRoot()
        return max(Interval(nanoseconds: Int64(distance * 1e6)), Self.leastDelay)
    }

    private mutating func coordinate() -> Double {
        let magnitude = exponential() * Self.scale
        return random.next() & 1 == 0 ? magnitude : -magnitude
    }

    /// Exponentially distributed with mean 1, by von Neumann's method: it compares uniform numbers and takes no
    /// logarithm, so all machines draw the same.
    private mutating func exponential() -> Double {
        var whole = 0.0
        while true {
            let first = random.unit()
            var last = first
            var runLength = 1
            while true {
                let next = random.unit()
                if next >= last { break }
                last = next
                runLength += 1
            }
            if runLength % 2 == 1 { return whole + first }
            whole += 1
        }
    }
}
