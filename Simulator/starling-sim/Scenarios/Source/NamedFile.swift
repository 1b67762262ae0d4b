/// A file that a scenario names.
struct NamedFile: Hashable {
    /// As it was written.
    var path: String
    /// Where it was written, which decides where it is looked for.
    var place: SourcePlace
}
