import Primitives

/// An ``Underlay`` in the making: where nodes are put.
struct UnderlayLayout {
    var form = Underlay.Form.distance
    var places: [SIMD2<Float>] = []
    var groups: [UInt16] = []
    var groupCount = 0
    var table: [Float] = []
    /// Nanoseconds.
    var least = Underlay.floor.nanoseconds
    var most: Int64 = 0

    /// How far a node is put beside a place that another one has, in milliseconds each way.
    private static let besides = 1.0

    /// Each node at a place of its own, drawn from those given; when all are taken, a little beside them.
    mutating func place(_ nodes: Int, at given: [SIMD2<Double>], using random: inout RandomSource) {
        precondition(!given.isEmpty, "there are no places")
        let order = given.indices.shuffled(using: &random)
        places.reserveCapacity(nodes)
        for node in 0..<nodes {
            var place = given[order[node % order.count]]
            if node >= order.count {
                place += SIMD2(2 * random.unit() - 1, 2 * random.unit() - 1) * Self.besides
            }
            places.append(SIMD2<Float>(place))
        }
    }

    /// Each node in a row of the matrix; no row has two more than another.
    mutating func spread(_ nodes: Int, overRowsOf roundTrips: [[Float]], using random: inout RandomSource) {
        let count = roundTrips.count
        precondition(count > 0 && count <= Int(UInt16.max), "a matrix has 1 to 65,535 rows")
        precondition(roundTrips.allSatisfy { $0.count == count }, "the matrix is not square")
        let order = (0..<count).shuffled(using: &random)
        groups = (0..<nodes).map { UInt16(order[$0 % count]) }
        let unmeasured = Self.mean(of: roundTrips)
        fill(count) { row, column in
            if row == column { return Float(Underlay.localDelay.nanoseconds) }
            let roundTrip = roundTrips[row][column]
            return (Self.isMeasured(roundTrip) ? roundTrip : unmeasured) * 0.5e6
        }
    }

    /// Each node in a region that is drawn by their shares.
    mutating func spread(_ nodes: Int, over regions: [UnderlayPlan.Region], using random: inout RandomSource) {
        let count = regions.count
        precondition(count > 0 && count <= Int(UInt16.max), "there are 1 to 65,535 regions")
        precondition(regions.allSatisfy { $0.delays.count == count }, "a region has a delay to each")
        let shares = regions.reduce(0) { $0 + $1.share }
        groups = (0..<nodes).map { _ in
            var left = random.unit() * shares
            let group = regions.firstIndex { region in
                left -= region.share
                return left < 0
            }
            return UInt16(group ?? count - 1)
        }
        fill(count) { row, column in Float(regions[row].delays[column] * 1e6) }
    }

    /// Makes the table, in which nothing is below the floor.
    private mutating func fill(_ count: Int, _ nanoseconds: (Int, Int) -> Float) {
        form = .table
        groupCount = count
        let floor = Float(Underlay.floor.nanoseconds)
        table = (0..<count * count).map { max(nanoseconds($0 / count, $0 % count), floor) }
        least = Int64(table.min() ?? floor)
    }

    /// Matrices say 0, a negative number or none at all where a measurement failed.
    private static func isMeasured(_ roundTrip: Float) -> Bool { roundTrip > 0 && roundTrip.isFinite }

    private static func mean(of roundTrips: [[Float]]) -> Float {
        var sum = 0.0
        var count = 0.0
        for row in roundTrips {
            for roundTrip in row where isMeasured(roundTrip) {
                sum += Double(roundTrip)
                count += 1
            }
        }
        return count == 0 ? 0 : Float(sum / count)
    }
}
