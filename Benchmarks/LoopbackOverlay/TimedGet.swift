/// How a lookup went for whoever asked for it.
struct TimedGet: Sendable {
    /// Until it ended.
    var seconds: Double
    /// Until the first valid record; nil without one.
    var secondsToFirst: Double?
    var isFound: Bool
    var requests: Int
}
