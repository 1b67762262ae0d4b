/// Everything that is wrong with a scenario, in the order of its lines, so that it can be mended in one go.
struct ScenarioErrors: Error, CustomStringConvertible {
    let errors: [ScenarioError]

    init(_ errors: [ScenarioError]) {
        let positions = errors.enumerated().map { ($0, $1.place.line ?? .max, $1.place.column ?? .max) }
        let order = positions.sorted { ($0.1, $0.2, $0.0) < ($1.1, $1.2, $1.0) }
        self.errors = order.map { errors[$0.0] }
    }

    var description: String { errors.map(\.description).joined(separator: "\n") }
}
