/// Seeds as a person writes them: `7`, `1...20`, `1,2,5...9`.
struct SeedList: Equatable {
    let seeds: [UInt64]

    /// A typing error is not to start a run that never ends.
    private static let most: UInt64 = 100_000

    /// nil when the text is something else, or names more than 100,000 seeds; a seed named twice counts once.
    init?(_ text: String) {
        var seeds: [UInt64] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            if let range = part.firstRange(of: "...") {
                guard let low = UInt64(part[..<range.lowerBound]), let high = UInt64(part[range.upperBound...]),
                    low <= high, high - low < Self.most
                else { return nil }
                seeds += low...high
            } else {
                guard let seed = UInt64(part) else { return nil }
                seeds.append(seed)
            }
        }
        var seen: Set<UInt64> = []
        self.seeds = seeds.filter { seen.insert($0).inserted }
        guard self.seeds.count <= Self.most else { return nil }
    }
}
