/// Why the story could not go on.
struct DemoFailure: Error {
    /// What had to happen.
    let expected: String
    /// What happened instead.
    let seen: [String]
    /// The events of the node concerned.
    let log: String
}
