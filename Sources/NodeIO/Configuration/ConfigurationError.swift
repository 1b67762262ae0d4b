/// One thing that is wrong with what a node was told: where it stands, what is wrong, and what would be right.
package struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// The file and line, or the flag: `starling.yaml:3: sip`, `--sip`.
    package let place: String
    package let problem: String
    package let remedy: String

    package init(_ place: String, _ problem: String, remedy: String) {
        self.place = place
        self.problem = problem
        self.remedy = remedy
    }

    package var description: String { "\(place): \(problem); \(remedy)" }
}
