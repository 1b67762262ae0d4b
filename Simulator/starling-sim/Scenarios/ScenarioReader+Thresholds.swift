import OverlaySimulator

extension ScenarioReader {
    private static let form = "write METRIC: {at-least: NUMBER} or {at-most: NUMBER}"

    /// Reads bounds on metrics: a mapping of names to `at-least` and `at-most`.
    mutating func readThresholds(_ value: SourceValue) {
        guard case .mapping(let metrics) = value.content else {
            errors.append(
                ScenarioError(
                    value.place, key: ScenarioFormat.thresholds, "\(value.asFound) stands where metrics belong",
                    remedy: Self.form))
            return
        }
        for entry in metrics {
            let key = "\(ScenarioFormat.thresholds).\(entry.key)"
            guard let metric = MetricName.of(entry.key) else {
                let meant = Spelling.nearest(to: entry.key, among: MetricName.all.flatMap(\.names))
                errors.append(
                    ScenarioError(
                        entry.place, key: key, "no run has such a figure",
                        remedy: meant.map { "did you mean \"\($0)\"?" } ?? "docs/scenarios.md has the names"))
                continue
            }
            guard case .mapping(let bounds) = entry.value.content, !bounds.isEmpty else {
                errors.append(
                    ScenarioError(
                        entry.value.place, key: key, "\(entry.value.asFound) is not a bound", remedy: Self.form))
                continue
            }
            for bound in bounds { readThreshold(on: entry.key, unit: metric.unit, bound) }
        }
    }

    private mutating func readThreshold(on metric: String, unit: String, _ bound: SourceValue.Entry) {
        let key = "\(ScenarioFormat.thresholds).\(metric).\(bound.key)"
        guard let direction = Threshold.Direction(rawValue: bound.key) else {
            let known = ScenarioFormat.directions.map(\.rawValue)
            errors.append(.unknownKey(key, at: bound.place, word: bound.key, known: known))
            return
        }
        let form: ValueForm<Double> = unit == MetricName.share ? .share() : .number(0...1_000_000_000_000)
        do {
            let number = try form.read(bound.value)
            draft.scenario.thresholds.append(Threshold(metric: metric, direction: direction, bound: number))
        } catch {
            errors.append(
                ScenarioError(error.place, key: key, error.problem, remedy: "\(form.remedy); the unit is \(unit)"))
        }
    }
}
