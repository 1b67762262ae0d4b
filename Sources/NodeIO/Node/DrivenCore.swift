import Primitives

/// A core as its shell sees it: events in, actions out, one deadline.
package protocol DrivenCore: SendableMetatype {
    associatedtype Event: Sendable
    associatedtype Action

    /// The event that says ``nextDeadline`` has come.
    static var wakeEvent: Event { get }
    /// When the core wants to be woken; nil when nothing is due ever.
    var nextDeadline: Instant? { get }
    mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action])
}
