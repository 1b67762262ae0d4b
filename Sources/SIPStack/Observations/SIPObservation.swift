import Primitives

/// What happened on the SIP side, for people, logs and counters. Each is reported once.
package enum SIPObservation: Hashable, Sendable {
    /// A contact was registered for the first time, or again after it had gone; refreshes are not reported.
    case registered(AddressOfRecord, contact: String, expires: Instant)
    /// A binding ended.
    case unregistered(AddressOfRecord, contact: String, UnregistrationReason)
    /// An INVITE was answered with a 2xx.
    case callSetUp(from: AddressOfRecord?, to: AddressOfRecord?, callID: String)
    /// A call that had been set up here ended with a BYE.
    case callEnded(from: AddressOfRecord?, to: AddressOfRecord?, callID: String)
    /// A MESSAGE was answered with a 2xx.
    case messagePassed(from: AddressOfRecord?, to: AddressOfRecord?)
    /// Credentials were wrong, or the attempt was refused because of too many wrong ones before.
    case authenticationFailed(AddressOfRecord?, from: Remote)
    /// Bytes that are no SIP message, or one so broken that it was refused.
    case malformed(from: Remote, reason: String)
    /// A request from an address that this node takes none from; nothing was answered.
    case sourceRefused(Remote)
    /// A request that this server declined to relay or to serve.
    case refused(method: String, status: Int, from: Remote)
    /// There is too much to do, or the table of transactions is full; a request was turned away with 503.
    case shed(method: String, from: Remote)
    /// So much comes from an address that it is not looked at any more; told once a minute.
    case flooded(from: Remote)
    /// A call for help; `isRouted` says whether there was an answering point to send it to.
    case emergency(from: Remote, isRouted: Bool)
    /// A request could not be delivered.
    case undeliverable(method: String, to: Remote)
}
