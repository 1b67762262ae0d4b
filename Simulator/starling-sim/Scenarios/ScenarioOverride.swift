/// A value given beside a scenario's file, in the place of what the file says.
struct ScenarioOverride: Hashable {
    /// Dotted: `churn.median-session`, `deaths.1.share`, `thresholds.get.success.at-least`.
    var key: String
    /// As it would stand in the file; `null` takes away what the file says.
    var value: String
    /// The flag that gave it, for errors.
    var flag: String

    init(_ key: String, _ value: String, flag: String = "--set") {
        self.key = key
        self.value = value
        self.flag = flag
    }

    /// Reads `key=value`; nil without a key or the sign.
    init?(_ text: String, flag: String = "--set") {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        self.init(String(parts[0]), String(parts[1]), flag: flag)
    }
}
