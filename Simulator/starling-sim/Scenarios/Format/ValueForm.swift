/// How a value is written in a scenario, and between which bounds it lies.
struct ValueForm<Value>: Sendable {
    /// What is allowed, with an article: `a duration, 1s to 24h`.
    let summary: String
    /// How such a value may look, to help who got it wrong; empty where the summary says it.
    let example: String
    let read: @Sendable (SourceValue) throws(ValueProblem) -> Value
    /// The value as it would stand in a file.
    let write: @Sendable (Value) -> String

    init(
        _ summary: String, example: String = "", read: @escaping @Sendable (SourceValue) throws(ValueProblem) -> Value,
        write: @escaping @Sendable (Value) -> String
    ) {
        self.summary = summary
        self.example = example
        self.read = read
        self.write = write
    }

    /// To end an error message.
    var remedy: String { "write \(summary)" + (example.isEmpty ? "" : ", as in \(example)") }

    /// The same for something that need not be there.
    func optional(without: String) -> ValueForm<Value?> {
        ValueForm<Value?>(summary, example: example) { value throws(ValueProblem) in
            try read(value)
        } write: { value in
            value.map(write) ?? without
        }
    }
}
