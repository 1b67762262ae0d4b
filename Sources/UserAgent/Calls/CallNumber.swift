/// The name of a call between a ``UserAgent`` and whoever uses it.
package enum CallNumber: Hashable, Sendable, CustomStringConvertible {
    /// A call made here; whoever makes it chooses a number that it has not used before.
    case placed(UInt64)
    /// A call that came in; the user agent counts them.
    case received(UInt64)

    package var description: String {
        switch self {
        case .placed(let number): "placed call \(number)"
        case .received(let number): "received call \(number)"
        }
    }
}
