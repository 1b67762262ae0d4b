import Primitives

extension PresenceAgent {
    /// What a user's presence rules say to somebody who is no subscriber, but wants to reach them all the same.
    ///
    /// - Returns: `.confirm` also while the rules are not known yet.
    package func handling(
        of sender: AddressOfRecord, by user: AddressOfRecord, at now: Instant
    ) -> SubscriptionHandling {
        decision(on: .authenticated(sender), of: user, at: now).handling
    }
}
