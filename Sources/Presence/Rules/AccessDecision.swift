/// What a ruleset says to a request.
package struct AccessDecision: Hashable, Sendable {
    /// What becomes of the subscription.
    package var handling: SubscriptionHandling
    /// The rules whose handling this is, by their ids, in the order of the document; empty where no rule matched and
    /// the default decided.
    package var decidedBy: [String]
    /// What a watcher who is allowed may see.
    package var permissions: PresencePermissions

    package init(handling: SubscriptionHandling, decidedBy: [String], permissions: PresencePermissions) {
        self.handling = handling
        self.decidedBy = decidedBy
        self.permissions = permissions
    }

    /// What is decided without a rule: whoever is allowed then sees everything, anybody else nothing.
    package init(byDefault handling: SubscriptionHandling) {
        self.init(handling: handling, decidedBy: [], permissions: handling == .allow ? .everything : .nothing)
    }
}
