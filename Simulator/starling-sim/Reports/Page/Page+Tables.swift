import OverlaySimulator

extension Page {
    /// What the scenario demands, and how the run met it.
    var thresholds: Markup? {
        guard !summary.verdicts.isEmpty else { return nil }
        let names = ["", "Figure", "Value", "Bound", "Margin"]
        let header = names.enumerated().map { index, name in
            Markup.element("th", (2...3).contains(index) ? ["class": "number"] : [:], [.text(name)])
        }
        let rows = summary.verdicts.map { verdict in
            let tone = verdict.isMet ? "good" : "bad"
            return Markup.element(
                "tr", [:],
                [
                    .element("td", ["class": "mark \(tone)"], [verdict.isMet ? "✓" : "✗"]),
                    .element("td", ["class": "name"], [.text(verdict.threshold.metric)]),
                    .element("td", ["class": "number"], [.text(verdict.valueText)]),
                    .element("td", ["class": "number"], [.text(verdict.boundText)]),
                    .element("td", ["class": tone], [.text(verdict.marginText)]),
                ])
        }
        let table = Markup.element(
            "table", [:],
            [.element("thead", [:], [.element("tr", [:], header)]), .element("tbody", [:], rows)])
        return .element(
            "section", [:],
            [.element("h2", [:], ["Thresholds"]), .element("div", ["class": "sheet thresholds scroll"], [table])])
    }

    /// The figures that a reader asks for first.
    var keyFigures: Markup? {
        let cards = KeyFigure.all.compactMap { figure -> Markup? in
            guard let value = report.value(of: figure.metric) else { return nil }
            let text = FigureUnit(metric: figure.metric).text(value)
            let parts = text.split(separator: " ", maxSplits: 1)
            var words: [Markup] = [.text(String(parts.first ?? ""))]
            if parts.count > 1 { words.append(.element("small", [:], ["\u{A0}\(String(parts[1]))"])) }
            return Self.pair(figure.title, words, style: "sheet")
        }
        guard !cards.isEmpty else { return nil }
        return .element(
            "section", [:], [.element("h2", [:], ["Key figures"]), .element("dl", ["class": "cards"], cards)])
    }

    /// Every figure, a block for each first word of their names.
    var allFigures: Markup? {
        var groups: [(name: String, metrics: [Metric])] = []
        for metric in report.metrics {
            let isAlone = !metric.name.contains(".")
            let name = isAlone ? "" : String(metric.name.prefix { $0 != "." })
            if let index = groups.firstIndex(where: { $0.name == name }) {
                groups[index].metrics.append(metric)
            } else {
                groups.append((name, [metric]))
            }
        }
        guard !groups.isEmpty else { return nil }
        let blocks = groups.map { group in
            let rows = group.metrics.map { metric in
                Markup.element(
                    "tr", [:],
                    [
                        .element("td", ["class": "name"], [.text(metric.name)]),
                        .element(
                            "td", ["class": "number"], [.text(FigureUnit(metric: metric.name).text(metric.value))]),
                    ])
            }
            return Markup.element("section", [:], [.element("table", [:], [.element("tbody", [:], rows)])])
        }
        return .element(
            "section", [:],
            [.element("h2", [:], ["All figures"]), .element("div", ["class": "sheet figures"], blocks)])
    }
}
