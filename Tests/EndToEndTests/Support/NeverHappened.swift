/// What a test waited for and did not get.
struct NeverHappened: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
