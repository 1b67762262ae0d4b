/// A node's answer to a ``Command``. Times are whole seconds since 1970.
package enum Reply: Codable, Hashable, Sendable {
    /// The command was not carried out; the text says why and what to do.
    case failed(reason: String)
    /// Carried out; the text says what was done, in a sentence.
    case done(String)
    case status(StatusReport)
    case lookUp(LookupReport)
    /// One of many, while a watch goes on.
    case presence(PresenceReport)
    case presenceShown(PresenceOverviewReport)
    case subscriptions(SubscriptionsReport)
    case domains([DomainReport])
    case users([UserReport])
    /// The secret to hand to the other node's operator, and when it ends.
    case invitation(secret: String, expires: UInt64)
    /// The password that the user has from now on.
    case password(addressOfRecord: String, password: String)
}
