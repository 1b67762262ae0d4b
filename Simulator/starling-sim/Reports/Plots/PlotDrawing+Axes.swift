extension PlotDrawing {
    /// The grid, the ticks' labels and the titles of both axes.
    var axes: [Markup] {
        let bottom = Self.height - Self.bottom
        var parts: [Markup] = [
            text(plot.y.title, x: 2, y: 12, anchor: "start", style: "axis"),
            text(plot.x.title, x: Self.width - Self.right, y: Self.height - 4, anchor: "end", style: "axis"),
        ]
        for tick in plot.y.ticks {
            parts.append(
                stroke(from: (left, down(tick.value)), to: (Self.width - Self.right, down(tick.value)), "grid"))
            parts.append(text(tick.label, x: left - 7, y: down(tick.value) + 4, anchor: "end", style: "tick"))
        }
        var free = -Double.infinity
        for tick in plot.x.ticks {
            let x = across(tick.value)
            parts.append(stroke(from: (x, Self.top), to: (x, bottom), "grid"))
            let half = Double(tick.label.count) * Self.digit / 2
            guard !tick.label.isEmpty, x - half > free else { continue }
            free = x + half + 4
            parts.append(text(tick.label, x: x, y: bottom + 17, anchor: "middle", style: "tick"))
        }
        parts.append(stroke(from: (left, bottom), to: (Self.width - Self.right, bottom), "base"))
        return parts
    }

    /// The bounds that the scenario sets.
    var marks: [Markup] { plot.marks.flatMap(drawing) }

    private func drawing(of mark: PlotMark) -> [Markup] {
        let end = Self.width - Self.right
        switch mark {
        case .level(let y, let label, let isMet):
            // Above the line, unless there is no room.
            let place = down(y) < Self.top + 14 ? down(y) + 14 : down(y) - 5
            return [
                stroke(from: (left, down(y)), to: (end, down(y)), "bound\(isMet ? "" : " missed")"),
                text(label, x: end, y: place, anchor: "end", style: "mark"),
            ]
        case .point(let x, let y, let label, let isMet):
            let (across, down) = (across(x), down(y))
            let isLeft = across + 10 + Double(label.count) * Self.digit > end
            let shape = "M\(Self.text(across)) \(Self.text(down - 5))l5 5l-5 5l-5 -5Z"
            return [
                .element("path", ["class": "goal\(isMet ? "" : " missed")", "d": shape]),
                text(
                    label, x: isLeft ? across + 5 : across + 9, y: isLeft ? down + 18 : down + 5,
                    anchor: isLeft ? "end" : "start", style: "mark"),
            ]
        case .before(let x):
            return [
                .element(
                    "rect",
                    [
                        "class": "before", "x": Self.text(left), "y": Self.text(Self.top),
                        "width": Self.text(across(x) - left), "height": Self.text(innerHeight),
                    ])
            ]
        }
    }

    private func stroke(from start: (Double, Double), to end: (Double, Double), _ style: String) -> Markup {
        .element(
            "path",
            [
                "class": style,
                "d": "M\(Self.text(start.0)) \(Self.text(start.1))L\(Self.text(end.0)) \(Self.text(end.1))",
            ])
    }

    private func text(_ label: String, x: Double, y: Double, anchor: String, style: String) -> Markup {
        .element(
            "text", ["class": style, "x": Self.text(x), "y": Self.text(y), "text-anchor": anchor], [.text(label)])
    }
}
