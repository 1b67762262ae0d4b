/// One thing that is wrong with a scenario: where it stands, what is wrong, and what would be right.
struct ScenarioError: Error, Hashable, CustomStringConvertible {
    let place: SourcePlace
    /// The dotted name of the key; nil when the file as a whole or a line of a data file is meant.
    let key: String?
    let problem: String
    let remedy: String

    init(_ place: SourcePlace, key: String? = nil, _ problem: String, remedy: String) {
        self.place = place
        self.key = key
        self.problem = problem
        self.remedy = remedy
    }

    var description: String { "\(place): \(key.map { "\($0): " } ?? "")\(problem); \(remedy)" }
}
