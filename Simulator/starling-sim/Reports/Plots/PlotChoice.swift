import OverlaySimulator

/// Which plots a report has: curves and time lines of the same sort share one.
struct PlotChoice {
    private let report: RunReport

    /// More lines than a reader tells apart are summed up as one.
    private static var mostLines: Int { Palette.count }

    init(_ report: RunReport) { self.report = report }

    /// Distributions first, then time lines, each in the order in which the run names them.
    var plots: [Plot] { distributions + timeLines }

    /// The cumulative distributions.
    var distributions: [Plot] {
        grouped(report.curves.filter { !$0.points.isEmpty }, by: { PlotSubject(curve: $0.name, unit: $0.unit) })
            .compactMap { subject, curves in distribution(subject, curves) }
    }

    /// What went on over time.
    var timeLines: [Plot] {
        grouped(report.series.filter { !$0.points.isEmpty }, by: { PlotSubject(series: $0.name, unit: $0.unit) })
            .compactMap { subject, series in timeLine(subject, series) }
    }

    private func grouped<Item>(
        _ items: [Item], by subject: (Item) -> PlotSubject
    ) -> [(PlotSubject, [Item])] {
        var groups: [(PlotSubject, [Item])] = []
        for item in items {
            let subject = subject(item)
            if let index = groups.firstIndex(where: { $0.0.key == subject.key }) {
                groups[index].1.append(item)
            } else {
                groups.append((subject, [item]))
            }
        }
        return groups
    }

    private func distribution(_ subject: PlotSubject, _ curves: [Curve]) -> Plot? {
        let unit = FigureUnit(unit: curves[0].unit)
        let shown = curves.prefix(Self.mostLines)
        let lines = shown.map { curve in
            PlotLine(name: subject.line(curve.name), points: curve.points.map { .init(x: $0.value, y: $0.share) })
        }
        let values = lines.flatMap { $0.points.map(\.x) }
        guard let lowest = values.min(), let highest = values.max() else { return nil }
        let start = max(values.filter { $0 > 0 }.min() ?? 1, highest / 100_000)
        let isWide = unit == .milliseconds && highest > start * 30
        let x =
            isWide
            ? Axis.logarithmic(subject.quantity, unit: unit, low: start, high: highest)
            : Axis.linear(subject.quantity, unit: unit, low: min(0, lowest), high: highest, count: 7)
        let isCounted = if case .plain = unit { true } else { false }
        return Plot(
            title: subject.title, note: subject.note, style: isCounted ? .steps : .lines, x: x,
            y: .linear("share not above", unit: .share, low: 0, high: 1, count: 6), xUnit: unit, yUnit: .share,
            lines: lines,
            marks: shown.flatMap { goals(of: $0, named: lines.count > 1 ? subject.line($0.name) + " " : "", unit) },
            hasLegend: subject.isShared || lines.count > 1)
    }

    /// The thresholds on percentiles of a curve.
    private func goals(of curve: Curve, named name: String, _ unit: FigureUnit) -> [PlotMark] {
        report.verdicts.compactMap { verdict in
            let metric = verdict.threshold.metric
            guard verdict.threshold.direction == .atMost, metric.hasPrefix(curve.name + ".p"),
                let percent = Double(metric.dropFirst(curve.name.count + 2)), (0...100).contains(percent),
                verdict.threshold.bound <= curve.points.last?.value ?? 0
            else { return nil }
            let label = "\(name)p\(percent.exactText) ≤ \(unit.text(verdict.threshold.bound))"
            return .point(x: verdict.threshold.bound, y: percent / 100, label: label, isMet: verdict.isMet)
        }
    }

    private func timeLine(_ subject: PlotSubject, _ series: [TimeSeries]) -> Plot? {
        let unit = FigureUnit(unit: series[0].unit)
        var lines = series.map { one in
            PlotLine(name: subject.line(one.name), points: one.points.map { .init(x: $0.seconds, y: $0.value) })
        }
        if subject.isStacked { lines = Self.largestFirst(lines) }
        lines = Array(lines.prefix(Self.mostLines))
        let times = lines.flatMap { $0.points.map(\.x) }
        let values = lines.flatMap { $0.points.map(\.y) }
        guard let first = times.min(), let last = times.max(), let lowest = values.min(), let highest = values.max()
        else { return nil }
        let levels = report.verdicts.filter { verdict in series.contains { $0.name == verdict.threshold.metric } }
        // A bound far from the values would press them into a line.
        let reach = min(0, lowest)...max(highest * 3, highest + 0.02)
        let near = levels.map(\.threshold.bound).filter(reach.contains)
        let top = subject.isStacked ? PlotStack(lines).highest : max(highest, near.max() ?? highest)
        let bottom = min(lowest, near.min() ?? lowest)
        // Success that never falls far would be a line along the upper edge.
        let isHigh = unit == .share && !subject.isStacked && bottom > 0.8
        let y = Axis.linear(subject.quantity, unit: unit, low: isHigh ? bottom : min(0, bottom), high: top)
        var marks = levels.filter { near.contains($0.threshold.bound) }.map { verdict in
            let name = series.count > 1 ? subject.line(verdict.threshold.metric) + " " : ""
            return PlotMark.level(
                y: verdict.threshold.bound, label: "\(name)\(verdict.boundText)", isMet: verdict.isMet)
        }
        if first < 0, last > 0 { marks.append(.before(x: 0)) }
        return Plot(
            title: subject.title, note: subject.note, style: subject.isStacked ? .stacked : .lines,
            x: .time(low: first, high: last), y: y, xUnit: .seconds, yUnit: unit, lines: lines, marks: marks,
            hasLegend: subject.isShared || lines.count > 1)
    }

    /// The largest line lies at the bottom of a stack; the smallest are summed up when they are too many.
    private static func largestFirst(_ lines: [PlotLine]) -> [PlotLine] {
        let weighed = lines.map { ($0, $0.points.reduce(0) { $0 + $1.y }) }
        // Equal ones keep their order, so that the same report gives the same page.
        let sorted = weighed.enumerated().sorted { a, b in
            a.element.1 != b.element.1 ? a.element.1 > b.element.1 : a.offset < b.offset
        }.map(\.element.0)
        guard sorted.count > mostLines else { return sorted }
        let small = PlotStack(Array(sorted[(mostLines - 1)...]))
        let sum = zip(small.places, small.layers.last?.upper ?? []).map { PlotLine.Point(x: $0, y: $1) }
        return sorted[..<(mostLines - 1)] + [PlotLine(name: "\(small.layers.count) others", points: sum)]
    }
}
