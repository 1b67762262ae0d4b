/// What is wrong with a value, and where exactly it stands.
struct ValueProblem: Error {
    let place: SourcePlace
    let problem: String

    init(_ value: SourceValue, _ problem: String) {
        place = value.place
        self.problem = problem
    }

    /// The value is there and is of another sort.
    init(_ value: SourceValue, isNot kind: String) {
        place = value.place
        if case .nothing = value.content {
            problem = value.asFound
        } else {
            problem = "\(value.asFound) is not \(kind)"
        }
    }
}
