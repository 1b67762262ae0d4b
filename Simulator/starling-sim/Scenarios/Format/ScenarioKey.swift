/// A key of scenarios: its name, what may be written behind it, and where the value goes.
struct ScenarioKey<Subject>: Sendable {
    /// Dotted from the top of the file, `churn.median-session`; from the top of the item in a list.
    let name: String
    /// What is allowed: `a duration, 1s to 24h`.
    let summary: String
    /// To end an error message.
    let remedy: String
    /// What holds when nothing is said, as it would stand in a file; nil when something must be said.
    let standard: String?
    let assign: @Sendable (SourceValue, inout Subject) throws(ValueProblem) -> Void

    /// - Parameter subject: whose value holds when nothing is said; nil makes the key a must.
    init<Value>(
        _ name: String, _ path: WritableKeyPath<Subject, Value> & Sendable, _ form: ValueForm<Value>,
        in subject: Subject?
    ) {
        self.name = name
        summary = form.summary
        remedy = form.remedy
        standard = subject.map { form.write($0[keyPath: path]) }
        assign = { value, subject throws(ValueProblem) in subject[keyPath: path] = try form.read(value) }
    }
}
