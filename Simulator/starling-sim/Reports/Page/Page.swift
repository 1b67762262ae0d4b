import OverlaySimulator

/// The page on a run, for a browser: one file that needs no other and no network.
struct Page {
    let report: RunReport
    let summary: RunSummary

    /// The whole document: HTML that is XML as well.
    var text: String {
        let head: [Markup] = [
            .element("meta", ["charset": "utf-8"]),
            .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .element("meta", ["name": "color-scheme", "content": "light dark"]),
            .element("title", [:], ["\(report.scenario), seed \(String(report.seed))"]),
            .element("style", [:], [.text(StyleSheet.text)]),
        ]
        let sections =
            [header, thresholds, keyFigures, plots, allFigures, footer]
        let page = Markup.element(
            "html", ["lang": "en"],
            [.element("head", [:], head), .element("body", [:], [.element("main", [:], sections.compactMap { $0 })])])
        return "<!DOCTYPE html>\n\(page.text)\n"
    }

    private var footer: Markup? {
        .element(
            "footer", [:],
            [
                .element(
                    "p", [:],
                    ["The same scenario and seed give the same run, with the fingerprint \(summary.fingerprint)."])
            ])
    }

    private var plots: Markup? {
        let plots = PlotChoice(report).plots
        guard !plots.isEmpty else { return nil }
        return .element(
            "section", [:],
            [
                .element("h2", [:], ["Plots"]), .element("div", ["class": "plots"], plots.map(figure)),
            ])
    }

    private func figure(of plot: Plot) -> Markup {
        var parts: [Markup] = [.element("h3", [:], [.text(plot.title)])]
        if !plot.note.isEmpty { parts.append(.element("p", ["class": "note"], [.text(plot.note)])) }
        if plot.hasLegend {
            let items = plot.lines.enumerated().map { index, line in
                Markup.element(
                    "li", [:], [.element("i", ["class": Palette.fill(index)]), .text(line.name)])
            }
            parts.append(.element("ul", ["class": "legend"], items))
        }
        parts.append(PlotDrawing(plot).svg)
        return .element("figure", ["class": plot.style == .stacked ? "plot sheet stacked" : "plot sheet"], parts)
    }
}
