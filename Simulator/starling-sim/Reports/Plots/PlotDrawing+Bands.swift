extension PlotDrawing {
    private static let bandCount = 56

    /// Unseen bands over the whole plot, each of which tells the values in it while the pointer rests there.
    var bands: [Markup] {
        let width = innerWidth / Double(Self.bandCount)
        return (0..<Self.bandCount).compactMap { index in
            let x = plot.x.value(at: (Double(index) + 0.5) / Double(Self.bandCount))
            let said = plot.lines.compactMap { line -> String? in
                guard let value = line.value(at: x, isLevel: plot.style == .steps) else { return nil }
                return "\(line.name): \(plot.yUnit.text(value))"
            }
            guard !said.isEmpty else { return nil }
            let title = ([place(x)] + said).joined(separator: "\n")
            return .element(
                "rect",
                [
                    "class": "band", "x": Self.text(left + Double(index) * width), "y": Self.text(Self.top),
                    "width": Self.text(width), "height": Self.text(innerHeight),
                ], [.element("title", [:], [.text(title)])])
        }
    }

    private func place(_ x: Double) -> String {
        guard plot.xUnit == .seconds else { return "≤ \(plot.xUnit.text(x))" }
        return x < 0 ? "\(DurationText(seconds: -x)) before" : "after \(DurationText(seconds: x))"
    }
}
