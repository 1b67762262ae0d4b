import OverlayNode

/// How much a running node tells.
package enum LogDetail: String, CaseIterable, Sendable {
    /// Only what somebody should look after.
    case warning
    /// And what the node is there for: one line for each thing that happens.
    case event
    /// And what helps to find a fault.
    case debug

    /// The least level of the observations that are told.
    package var level: Observation.Level {
        switch self {
        case .warning: .warning
        case .event: .event
        case .debug: .debug
        }
    }
}
