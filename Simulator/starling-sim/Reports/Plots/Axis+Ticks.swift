import Foundation

extension Axis {
    /// An axis with ticks at round values, of which the outermost enclose all values.
    ///
    /// - Parameter count: about how many ticks, at least two.
    static func linear(_ quantity: String, unit: FigureUnit, low: Double, high: Double, count: Int = 5) -> Axis {
        let scale = Scale(unit: unit, highest: max(low.magnitude, high.magnitude))
        let from = low / scale.divisor
        var to = high / scale.divisor
        if to - from < 1e-9 * max(1, from.magnitude) { to = from + max(from.magnitude * 0.1, 1) }
        var step = roundStep((to - from) / Double(max(1, count - 1)), in: [1, 2, 5, 10])
        if scale.isWhole { step = max(1, step) }
        let first = (from / step + 1e-9).rounded(.down)
        let last = (to / step - 1e-9).rounded(.up)
        let decimals = max(0, -Int((log10(step) + 1e-9).rounded(.down)))
        let ticks = (0...Int(last - first)).map { index in
            let value = (first + Double(index)) * step
            return Tick(value: value * scale.divisor, label: value.fixed(decimals) + scale.suffix)
        }
        return Axis(
            title: scale.title(quantity), low: first * step * scale.divisor, high: last * step * scale.divisor,
            ticks: ticks)
    }

    /// An axis on which equal ratios are equally long, with ticks at 1, 2 and 5 of each power of ten.
    ///
    /// - Parameters:
    ///   - low: above zero.
    ///   - high: above `low`.
    static func logarithmic(_ quantity: String, unit: FigureUnit, low: Double, high: Double) -> Axis {
        let scale = Scale(unit: unit, highest: 1)
        let powers = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
        let all = powers.flatMap { power in [1, 2, 5].map { $0 * pow(10, Double(power)) } }
        let from = all.last { $0 <= low * (1 + 1e-9) } ?? low
        let to = all.first { $0 >= high * (1 - 1e-9) && $0 > from } ?? high
        let inside = all.filter { $0 >= from && $0 <= to }
        // Of more than three powers only the powers themselves have a label, or they would run into each other.
        let ticks = inside.map { value in
            let isPower = (log10(value) - log10(value).rounded()).magnitude < 1e-6
            return Tick(value: value, label: inside.count > 9 && !isPower ? "" : value.briefText)
        }
        return Axis(
            title: scale.title(quantity) + " (logarithmic)", low: from, high: to, isLogarithmic: true, ticks: ticks)
    }

    /// Simulated time from the start of the measured part, with ticks as clocks have them; the values are seconds.
    static func time(low: Double, high: Double, count: Int = 6) -> Axis {
        let high = high > low ? high : low + 1
        let span = high - low
        let (name, length, steps): (String, Double, [Double]) =
            switch span {
            case ...180: ("seconds", 1, [1, 2, 5, 10, 15, 30, 60])
            case ...10_800: ("minutes", 60, [1, 2, 5, 10, 15, 30, 60])
            case ...259_200: ("hours", 3_600, [1, 2, 3, 6, 12, 24])
            default: ("days", 86_400, [1, 2, 5, 10])
            }
        let step = roundStep(span / length / Double(count), in: steps)
        let decimals = step < 1 ? 1 : 0
        let first = Int((low / length / step - 1e-9).rounded(.up))
        let last = Int((high / length / step + 1e-9).rounded(.down))
        let ticks = (0..<max(0, last - first + 1)).map { index -> Tick in
            let value = Double(first + index) * step
            return Tick(value: value * length, label: value.fixed(decimals))
        }
        return Axis(title: "\(name) since measuring began", low: low, high: high, ticks: ticks)
    }

    /// The smallest of the steps, or of the steps times a power of ten, that is not below `least`.
    private static func roundStep(_ least: Double, in steps: [Double]) -> Double {
        if let step = steps.first(where: { $0 >= least * (1 - 1e-9) }), least >= steps[0] { return step }
        let power = pow(10, log10(least).rounded(.down))
        return ([1, 2, 5, 10].first { $0 * power >= least * (1 - 1e-9) } ?? 10) * power
    }

    /// What a unit's numbers are divided by on an axis, so that its labels stay short.
    private struct Scale {
        let divisor: Double
        /// Behind each label.
        var suffix = ""
        /// Behind the title.
        var unitName: String
        /// Whether fractions of it mean nothing.
        var isWhole = false
        /// Whether its name says enough of what is counted: nodes, hops.
        var isCount = false

        init(unit: FigureUnit, highest: Double) {
            let prefixes: [(String, Double)] = [("G", 1e9), ("M", 1e6), ("k", 1e3)]
            switch unit {
            case .share: (divisor, suffix, unitName) = (0.01, " %", "")
            case .milliseconds: (divisor, unitName) = (1, "ms")
            case .seconds: (divisor, unitName) = (1, "s")
            case .bytes, .bytesPerSecond:
                let name = unit == .bytes ? "B" : "B/s"
                let prefix = prefixes.first { highest >= $0.1 * 2 }
                (divisor, unitName) = (prefix?.1 ?? 1, (prefix?.0 ?? "") + name)
            case .plain(let name):
                let word = highest >= 1e6 ? "millions" : highest >= 1e5 ? "thousands" : ""
                divisor = highest >= 1e6 ? 1e6 : highest >= 1e5 ? 1e3 : 1
                unitName = word.isEmpty ? name : name.isEmpty ? word : "\(word) of \(name)"
                isWhole = divisor == 1 && highest > 4
                isCount = name.count > 2 && name.allSatisfy { $0.isLetter && $0.isLowercase }
            }
        }

        func title(_ quantity: String) -> String {
            if isCount { return unitName }
            return unitName.isEmpty ? quantity : "\(quantity), \(unitName)"
        }
    }
}
