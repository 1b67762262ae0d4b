import SIPStack

/// A core that speaks SIP over ``SIPTransports`` and needs nothing else of the world: a user agent.
package protocol TransportCore: DrivenCore where Action: Sendable {
    /// What happened on a SIP socket, as an event of the core.
    static func event(for event: TransportEvent) -> Event
    /// What an action asks of a SIP socket; nil for an action that reports something.
    static func transportAction(in action: Action) -> TransportAction?
}
