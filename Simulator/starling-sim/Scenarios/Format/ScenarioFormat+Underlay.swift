import OverlaySimulator
import Primitives

extension ScenarioFormat {
    private static let draft = ScenarioDraft()
    private static let mostRegions = 64

    static let underlay: [ScenarioKey<ScenarioDraft>] = [
        ScenarioKey("underlay.shape", \.shape, .word, in: draft),
        ScenarioKey("underlay.file", \.underlayFile, ValueForm.file.optional(without: "none"), in: draft),
        ScenarioKey("underlay.fallback", \.fallback, ValueForm.word.optional(without: "none"), in: draft),
        ScenarioKey("underlay.least", \.least, .duration(.milliseconds(1) ... .seconds(10)), in: draft),
        ScenarioKey("underlay.most", \.most, .duration(.milliseconds(1) ... .seconds(10)), in: draft),
        ScenarioKey(
            "underlay.access-delay", \.scenario.underlay.accessDelay, .duration(.zero ... .seconds(10)), in: draft),
        ScenarioKey(
            "underlay.uplink-bytes-per-second", \.scenario.underlay.uplinkBytesPerSecond, .count(0...10_000_000_000),
            in: draft),
        ScenarioKey("underlay.loss", \.scenario.underlay.loss, .share(0...0.99), in: draft),
        ScenarioKey("underlay.jitter", \.scenario.underlay.jitter, .duration(.zero ... .seconds(10)), in: draft),
        ScenarioKey("underlay.reordering", \.scenario.underlay.reordering, .share(), in: draft),
    ]

    static let regions = ScenarioList(
        "underlay.regions", most: mostRegions, \.regions,
        blank: UnderlayPlan.Region(name: "", share: 0, delays: []),
        keys: [
            ScenarioKey("name", \.name, .text(most: 40), in: nil),
            ScenarioKey("share", \.share, .share(), in: nil),
            ScenarioKey(
                "delays", \.delays,
                .list(
                    of: .number(0...10_000), each: "numbers of milliseconds, 0 to 10000", counts: 0...mostRegions,
                    example: "[10, 80]"),
                in: nil),
        ])
}
