/// A setting of a scenario and the values that a sweep gives it: `churn.median=10m,30m,60m`.
struct Variation: Equatable {
    let key: String
    let values: [String]

    /// nil when the text is not a key, `=` and at least one value.
    init?(_ text: String) {
        guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return nil }
        key = String(text[..<sign])
        values = text[text.index(after: sign)...].split(separator: ",", omittingEmptySubsequences: false)
            .map(String.init)
        guard !values.contains("") else { return nil }
    }
}
