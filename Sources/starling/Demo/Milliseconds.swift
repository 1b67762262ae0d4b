/// A duration in whole milliseconds, for people.
struct Milliseconds: CustomStringConvertible {
    let count: Int64

    init(_ duration: Duration) {
        let parts = duration.components
        count = parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000
    }

    var description: String { "\(count)" }
}
