import SIPStack

/// Whoever is told what happens on SIP sockets. Called on the event loop of the sockets.
package protocol TransportReceiver: AnyObject {
    /// Something came in or broke.
    func receive(_ event: TransportEvent)
    /// Nothing more waits at the moment: time to act on what came in, and to call ``SIPTransports/flush()``.
    func burstEnded()
    /// A listener broke, and the transports can't go on.
    func transportFailed(_ reason: String)
}
