extension ScenarioError {
    /// A key that means nothing where it stands.
    static func unknownKey(_ name: String, at place: SourcePlace, word: String, known: [String]) -> ScenarioError {
        let meant = Spelling.nearest(to: word, among: known)
        return ScenarioError(
            place, key: name, "there is no such key",
            remedy: meant.map { "did you mean \"\($0)\"?" } ?? "the keys here are \(known.joined(separator: ", "))")
    }
}
