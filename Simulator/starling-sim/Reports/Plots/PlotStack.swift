/// The layers of lines that are drawn on top of each other.
struct PlotStack {
    struct Layer {
        var name: String
        /// The edges at each of ``PlotStack/places``.
        var lower: [Double]
        var upper: [Double]
    }

    let places: [Double]
    private(set) var layers: [Layer] = []

    /// Where a line has no value it is taken as zero, so that the layers above it have a floor.
    init(_ lines: [PlotLine]) {
        places = Set(lines.flatMap { $0.points.map(\.x) }).sorted()
        var floor = Array(repeating: 0.0, count: places.count)
        for line in lines {
            let upper = zip(places, floor).map { $1 + max(0, line.value(at: $0) ?? 0) }
            layers.append(Layer(name: line.name, lower: floor, upper: upper))
            floor = upper
        }
    }

    /// The upper edge of the whole.
    var highest: Double { layers.last?.upper.max() ?? 0 }
}
