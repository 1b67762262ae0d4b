import Primitives

/// A moment at which something happens to all nodes at once, or at which all of them are looked at.
struct Milestone: Sendable {
    enum Event: Sendable {
        /// Only progress is shown.
        case pass
        /// The last node has been told to join.
        case settle
        case measure
        case die(share: Double)
        case divide(share: Double)
        case unite
        case sample
        /// Each of some records is looked for.
        case seekSurvivors
        case countReplicas
        case seekWritten
        case judgeHealing
        case finish
    }

    let time: Instant
    let event: Event
}
