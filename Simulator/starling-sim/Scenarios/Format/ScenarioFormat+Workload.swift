import OverlaySimulator
import Primitives

extension ScenarioFormat {
    private static let draft = ScenarioDraft()

    static let workload: [ScenarioKey<ScenarioDraft>] = [
        ScenarioKey(
            "workload.users", \.scenario.workload.users,
            ValueForm.count(1...100_000_000).optional(without: "one for each node"), in: draft),
        ScenarioKey("workload.value-bytes", \.scenario.workload.valueBytes, .count(0...16_384), in: draft),
        ScenarioKey(
            "workload.lifetime", \.scenario.workload.lifetime, .duration(.minutes(1) ... .hours(24)), in: draft),
        ScenarioKey(
            "workload.lookups-per-hour", \.scenario.workload.lookupsPerHour, .number(0...1_000_000), in: draft),
        ScenarioKey("workload.absent-share", \.scenario.workload.absentShare, .share(), in: draft),
        ScenarioKey("workload.quorum", \.scenario.workload.quorum, .count(1...16), in: draft),
        ScenarioKey(
            "workload.stores-per-hour", \.scenario.workload.storesPerHour, .number(0...1_000_000), in: draft),
        ScenarioKey("workload.buddies.law", \.buddyLaw, .word, in: draft),
        ScenarioKey("workload.buddies.count", \.buddyCount, .count(1...10_000), in: draft),
        ScenarioKey("workload.buddies.mean", \.buddyMean, .number(1...10_000), in: draft),
        ScenarioKey("workload.buddies.exponent", \.buddyExponent, .number(1.01...10), in: draft),
        ScenarioKey(
            "workload.changes-per-hour", \.scenario.workload.changesPerHour, .number(0...1_000_000), in: draft),
        ScenarioKey(
            "workload.daily", \.scenario.workload.daily,
            .list(
                of: .number(0...24), each: "numbers, 0 to 24, one for each hour of the day", counts: 0...24,
                example: "[0.2, 0.1, …, 1.4]"),
            in: draft),
        ScenarioKey("workload.calls-per-hour", \.scenario.workload.callsPerHour, .number(0...1_000_000), in: draft),
    ]
}
