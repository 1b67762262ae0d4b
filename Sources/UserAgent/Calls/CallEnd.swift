/// Why a call is over.
package enum CallEnd: Hashable, Sendable, CustomStringConvertible {
    /// The BYE of this side was answered, or nobody was left to answer it.
    case endedHere
    /// The other side sent a BYE.
    case endedThere
    /// The caller gave up before anybody answered.
    case cancelled
    /// This side did not want the call and said so with this status.
    case rejectedHere(status: Int)
    /// The other side, or a proxy before it, did not take the call.
    case rejected(status: Int, reason: String)
    /// The answer was never acknowledged (RFC 3261 §13.3.1.4).
    case notAcknowledged
    /// What the other side sent made a session impossible.
    case failed(String)

    package var description: String {
        switch self {
        case .endedHere: "ended here"
        case .endedThere: "ended by the other side"
        case .cancelled: "given up by the caller"
        case .rejectedHere(let status): "rejected here with \(status)"
        case .rejected(let status, let reason): "rejected: \(status) \(reason)"
        case .notAcknowledged: "the answer was not acknowledged"
        case .failed(let reason): "failed: \(reason)"
        }
    }
}
