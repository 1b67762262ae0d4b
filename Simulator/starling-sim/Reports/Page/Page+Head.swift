extension Page {
    /// What ran, what it is about, how it went, and what it took.
    var header: Markup? {
        var parts: [Markup] = [
            .element("p", ["class": "over"], ["Starling overlay simulation"]),
            .element("h1", [:], [.text(report.scenario)]),
        ]
        if !report.about.isEmpty { parts.append(.element("p", ["class": "about"], [.text(report.about)])) }
        let text = VerdictText(summary)
        parts.append(.element("p", ["class": "verdict \(text.isGood ? "good" : "bad")"], [.text(text.description)]))
        parts.append(
            .element("dl", ["class": "run"], run.map { Self.pair($0.0, [.text($0.1)]) }))
        return .element("header", [:], parts)
    }

    private var run: [(String, String)] {
        [
            ("Nodes", Double(summary.nodes).fixed(0)),
            ("Seed", String(summary.seed)),
            ("Simulated time", DurationText(seconds: summary.virtualSeconds).description),
            ("Run time", DurationText(seconds: summary.wallSeconds).description),
            ("Events", Double(summary.events).fixed(0)),
            ("Events per second", summary.eventsPerSecond.fixed(0)),
            ("Threads", String(summary.threads)),
            ("Messages", summary.wire ? "encoded and encrypted" : "passed as values"),
            ("Peak memory", FigureUnit.bytes.text(Double(summary.peakMemoryBytes))),
            ("Fingerprint", summary.fingerprint),
        ]
    }

    /// A term and what is said of it, together in a box.
    static func pair(_ term: String, _ words: [Markup], style: String = "") -> Markup {
        let parts: [Markup] = [.element("dt", [:], [.text(term)]), .element("dd", [:], words)]
        return style.isEmpty ? .element("div", [:], parts) : .element("div", ["class": style], parts)
    }
}
