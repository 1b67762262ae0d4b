/// The runs of a sweep: each combination of the varied settings with each seed.
struct SweepPlan {
    let variations: [Variation]
    let seeds: [UInt64]

    /// The last setting changes fastest; one combination, of nothing, when nothing is varied.
    var combinations: [[SweepRun.Setting]] {
        variations.reduce([[]]) { combinations, variation in
            combinations.flatMap { settings in
                variation.values.map { settings + [SweepRun.Setting(key: variation.key, value: $0)] }
            }
        }
    }

    /// All runs, the seeds of a combination one after another.
    var runs: [SweepRun] {
        let combinations = self.combinations
        return combinations.enumerated().flatMap { index, settings in
            seeds.map { seed in
                SweepRun(settings: settings, seed: seed, folder: Self.folder(index, settings, seed))
            }
        }
    }

    /// Readable, and never the same for two combinations: where letters had to be replaced, the number tells them apart.
    private static func folder(_ index: Int, _ settings: [SweepRun.Setting], _ seed: UInt64) -> String {
        guard !settings.isEmpty else { return "seed-\(seed)" }
        let words = settings.map(\.text).joined(separator: "_").map { letter in
            letter.isASCII && (letter.isLetter || letter.isNumber || "=._-".contains(letter)) ? letter : "-"
        }
        return "\(index + 1)_\(String(words.prefix(80)))/seed-\(seed)"
    }
}
