import OverlaySimulator
import Primitives

extension ScenarioFormat {
    private static let draft = ScenarioDraft()

    static let run: [ScenarioKey<ScenarioDraft>] = [
        ScenarioKey("about", \.scenario.about, .text(most: 200), in: draft),
        ScenarioKey("nodes", \.scenario.nodes, .count(1...10_000_000), in: draft),
        ScenarioKey("seed", \.scenario.seed, .seed, in: draft),
        ScenarioKey("joining", \.scenario.joining, .duration(.seconds(1) ... .hours(24)), in: draft),
        ScenarioKey("settling", \.scenario.settling, .duration(.zero ... .hours(24)), in: draft),
        ScenarioKey("measuring", \.scenario.measuring, .duration(.seconds(1) ... .hours(720)), in: draft),
        ScenarioKey("sessions", \.scenario.sessions, .word, in: draft),
    ]

    static let deaths = ScenarioList(
        "deaths", most: 64, \.scenario.deaths, blank: DeathPlan(at: .zero, share: 0),
        keys: [
            ScenarioKey(
                "at", \.at, .duration(.zero ... .hours(720)), in: DeathPlan(at: .zero, share: 0)),
            ScenarioKey("share", \.share, .share(0...0.99), in: nil),
        ])

    static let partitions = ScenarioList(
        "partitions", most: 64, \.scenario.partitions,
        blank: PartitionPlan(at: .zero, lasting: .zero, share: 0.5),
        keys: [
            ScenarioKey(
                "at", \.at, .duration(.zero ... .hours(720)),
                in: PartitionPlan(at: .zero, lasting: .zero, share: 0.5)),
            ScenarioKey("lasting", \.lasting, .duration(.seconds(1) ... .hours(720)), in: nil),
            ScenarioKey(
                "share", \.share, .share(0.01...0.99), in: PartitionPlan(at: .zero, lasting: .zero, share: 0.5)),
        ])

    static let churn: [ScenarioKey<ScenarioDraft>] = [
        ScenarioKey("churn.law", \.churnLaw, .word, in: draft),
        ScenarioKey("churn.shape", \.weibullShape, .number(0.2...5), in: draft),
        ScenarioKey("churn.exponent", \.paretoExponent, .number(1.01...10), in: draft),
        ScenarioKey("churn.file", \.churnFile, ValueForm.file.optional(without: "none"), in: draft),
        ScenarioKey(
            "churn.median-session", \.churn.medianSession, .duration(.seconds(1) ... .hours(720)), in: draft),
        ScenarioKey(
            "churn.median-absence", \.churn.medianAbsence, .duration(.seconds(1) ... .hours(720)), in: draft),
        ScenarioKey("churn.farewells", \.churn.farewells, .share(), in: draft),
        ScenarioKey("churn.warm-up", \.churn.warmUp, .duration(.zero ... .hours(720)), in: draft),
    ]

    static let reachability: [ScenarioKey<ScenarioDraft>] = [
        ScenarioKey("reachability.address-restricted", \.reachability.addressRestricted, .share(), in: draft),
        ScenarioKey("reachability.port-restricted", \.reachability.portRestricted, .share(), in: draft),
        ScenarioKey("reachability.symmetric", \.reachability.symmetric, .share(), in: draft),
    ]

    static let adversaries: [ScenarioKey<ScenarioDraft>] = [
        ScenarioKey("adversaries.droppers", \.scenario.adversaries.droppers, .share(), in: draft),
        ScenarioKey("adversaries.liars", \.scenario.adversaries.liars, .share(), in: draft),
        ScenarioKey("adversaries.sybils", \.scenario.adversaries.sybils, .count(0...60_000), in: draft),
        ScenarioKey("adversaries.ground-ids", \.scenario.adversaries.groundIDs, .count(0...60_000), in: draft),
        ScenarioKey("adversaries.flooders", \.scenario.adversaries.flooders, .share(), in: draft),
        ScenarioKey(
            "adversaries.flood-per-second", \.scenario.adversaries.floodPerSecond, .number(0...100_000), in: draft),
    ]
}
