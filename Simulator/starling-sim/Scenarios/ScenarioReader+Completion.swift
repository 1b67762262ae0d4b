import OverlaySimulator
import Primitives

extension ScenarioReader {
    /// Turns laws and shapes into plans, and checks what no key can check alone.
    ///
    /// Where a value could not be read, the checks that need it would only tell of that again.
    mutating func complete() {
        guard errors.isEmpty else { return }
        checkThatKeysApply()
        completeUnderlay()
        completeChurn()
        completeBuddies()
        if places["reachability"] != nil { draft.scenario.reachability = draft.reachability }
        checkShares()
        checkTimes()
        checkDay()
    }

    /// Keys that mean something only when another has one of some values.
    private static let conditions: [(key: String, on: String, values: [String])] = [
        ("underlay.file", "underlay.shape", ["coordinates", "matrix"]),
        ("underlay.fallback", "underlay.shape", ["coordinates", "matrix"]),
        ("underlay.least", "underlay.shape", ["uniform"]),
        ("underlay.most", "underlay.shape", ["uniform"]),
        ("churn.shape", "churn.law", ["weibull"]),
        ("churn.exponent", "churn.law", ["pareto"]),
        ("churn.file", "churn.law", ["trace"]),
        ("churn.median-session", "churn.law", ["exponential", "weibull", "pareto"]),
        ("churn.median-absence", "churn.law", ["exponential", "weibull", "pareto"]),
        ("workload.buddies.count", "workload.buddies.law", ["fixed"]),
        ("workload.buddies.mean", "workload.buddies.law", ["power-law"]),
        ("workload.buddies.exponent", "workload.buddies.law", ["power-law"]),
    ]

    /// A key without effect is an error, since who wrote it expected one. A file's key is not when the law or shape
    /// was set from outside: a sweep over laws keeps the keys of all.
    private mutating func checkThatKeysApply() {
        let chosen = [
            "underlay.shape": draft.shape.rawValue, "churn.law": draft.churnLaw.rawValue,
            "workload.buddies.law": draft.buddyLaw.rawValue,
        ]
        for condition in Self.conditions {
            guard let place = places[condition.key], let value = chosen[condition.on] else { continue }
            if condition.values.contains(value) { continue }
            if places[condition.on]?.isOverride == true, !place.isOverride { continue }
            note(
                condition.key, "it has no effect when \(condition.on) is \(value)",
                remedy: "set \(condition.on) to \(condition.values.joined(separator: " or ")), or leave it out")
        }
    }

    private mutating func completeBuddies() {
        switch draft.buddyLaw {
        case .none: draft.scenario.workload.buddies = .none
        case .fixed: draft.scenario.workload.buddies = .fixed(draft.buddyCount)
        case .powerLaw:
            draft.scenario.workload.buddies = .powerLaw(mean: draft.buddyMean, exponent: draft.buddyExponent)
        }
        let users = draft.scenario.workload.users ?? draft.scenario.nodes
        if draft.buddyLaw == .fixed, draft.buddyCount >= users {
            let key = places["workload.buddies.count"] == nil ? "workload.buddies.law" : "workload.buddies.count"
            note(key, "\(draft.buddyCount) buddies are more than the other users", remedy: "there are \(users) users")
        }
    }

    private mutating func checkShares() {
        let adversaries = draft.scenario.adversaries
        if adversaries.droppers + adversaries.liars + adversaries.flooders >= 1 {
            note("adversaries", "no node is left that keeps to the protocol", remedy: "keep the shares below 1 in all")
        }
        if adversaries.groundIDs > adversaries.sybils {
            note(
                "adversaries.ground-ids", "these are more than there are Sybils",
                remedy: "write at most \(adversaries.sybils), or raise adversaries.sybils")
        }
        if draft.reachability.unreachable >= 1 {
            note("reachability", "no node is left that can be reached", remedy: "keep the shares below 1 in all")
        }
        if draft.scenario.deaths.reduce(0, { $0 + $1.share }) >= 1 {
            note("deaths", "no node is left alive", remedy: "keep the shares below 1 in all")
        }
    }

    private mutating func checkTimes() {
        let end = draft.scenario.measuring
        let remedy = "the measured part must be longer (measuring)"
        for (index, death) in draft.scenario.deaths.enumerated() where death.at >= end {
            note("deaths", "number \(index + 1) comes after the end", remedy: remedy)
        }
        for (index, partition) in draft.scenario.partitions.enumerated() where partition.at + partition.lasting >= end {
            note("partitions", "number \(index + 1) does not end before the run does", remedy: remedy)
        }
    }

    private mutating func checkDay() {
        let day = draft.scenario.workload.daily
        guard !day.isEmpty else { return }
        let mean = day.reduce(0, +) / Double(day.count)
        if day.count != 24 || abs(mean - 1) > 0.01 {
            note(
                "workload.daily", "\(day.count) factors with a mean of \(DecimalText.written(mean))",
                remedy: "write 24 with a mean of 1, or none")
        }
    }
}
