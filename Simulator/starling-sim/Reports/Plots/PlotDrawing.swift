/// A plot as SVG, in units of which a narrow window shows about three quarters of a pixel each.
struct PlotDrawing {
    let plot: Plot
    let left: Double

    static let width = 460.0
    static let height = 256.0
    static let top = 30.0
    static let bottom = 42.0
    static let right = 20.0
    /// The width of a digit in the larger letters that narrow windows get.
    static let digit = 8.0

    init(_ plot: Plot) {
        self.plot = plot
        left = 14 + Self.digit * Double(plot.y.ticks.map(\.label.count).max() ?? 1)
    }

    var innerWidth: Double { Self.width - left - Self.right }
    var innerHeight: Double { Self.height - Self.top - Self.bottom }

    /// Where a value stands, counted from the left.
    func across(_ x: Double) -> Double { left + plot.x.position(of: x) * innerWidth }

    /// Where a value stands, counted from above.
    func down(_ y: Double) -> Double { Self.top + (1 - plot.y.position(of: y)) * innerHeight }

    /// A coordinate as it stands in the page, short.
    static func text(_ coordinate: Double) -> String {
        let tenths = (coordinate * 10).rounded() / 10
        return tenths.exactText
    }

    /// The whole drawing.
    var svg: Markup {
        .element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-label": plot.title,
                "viewBox": "0 0 \(Self.text(Self.width)) \(Self.text(Self.height))",
            ], axes + layers + marks + bands)
    }

    private var layers: [Markup] { plot.style == .stacked ? areas : lines }

    private var lines: [Markup] {
        plot.lines.enumerated().map { index, line in
            .element("path", ["class": "line \(Palette.line(index))", "d": path(of: line)])
        }
    }

    private func path(of line: PlotLine) -> String {
        var path = ""
        var last = ""
        for point in line.points {
            let place = "\(Self.text(across(point.x))) \(Self.text(down(point.y)))"
            if place == last { continue }
            last = place
            if path.isEmpty {
                path = "M\(place)"
            } else if plot.style == .steps {
                path += "H\(Self.text(across(point.x)))V\(Self.text(down(point.y)))"
            } else {
                path += "L\(place)"
            }
        }
        // A single point would not be seen; with round ends a line of no length is a dot.
        return line.points.count == 1 ? path + "h0" : path
    }

    private var areas: [Markup] {
        let stack = PlotStack(plot.lines)
        return stack.layers.enumerated().map { index, layer in
            let there = zip(stack.places, layer.upper).map { "\(Self.text(across($0))) \(Self.text(down($1)))" }
            let back = zip(stack.places, layer.lower).reversed().map {
                "\(Self.text(across($0))) \(Self.text(down($1)))"
            }
            let path = "M" + (there + back).joined(separator: "L") + "Z"
            return .element("path", ["class": "area \(Palette.fill(index))", "d": path])
        }
    }
}
