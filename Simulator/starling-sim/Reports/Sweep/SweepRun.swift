/// One run of a sweep.
struct SweepRun: Equatable {
    /// A setting that is varied, as `--set` takes it.
    struct Setting: Hashable {
        var key: String
        var value: String
        var text: String { "\(key)=\(value)" }
    }

    var settings: [Setting]
    var seed: UInt64
    /// Within the sweep's folder; two runs never share one.
    var folder: String

    /// As a person names it: `nodes=1000, seed 3`.
    var name: String { (settings.map(\.text) + ["seed \(seed)"]).joined(separator: ", ") }

    /// What `starling-sim` is started with.
    func arguments(scenario: String, out: String) -> [String] {
        ["run", scenario, "--seed", String(seed)] + settings.flatMap { ["--set", $0.text] } + ["--out", out, "--quiet"]
    }
}
