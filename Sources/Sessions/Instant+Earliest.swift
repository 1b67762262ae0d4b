import Primitives

extension Instant {
    /// The earlier of two deadlines, either of which may not exist.
    static func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
        guard let a else { return b }
        guard let b else { return a }
        return min(a, b)
    }
}
