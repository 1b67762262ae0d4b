/// All that a node knows of a user's presence, and who sees what of it and why.
package struct PresenceOverviewReport: Codable, Hashable, Sendable {
    /// What another node says.
    package struct Source: Codable, Hashable, Sendable {
        package var node: String
        /// Whether it says anything at present.
        package var hasState: Bool
        /// Whether it could be reached lately; if not, what it said counts only when nothing else is known.
        package var isReachable: Bool
    }

    package var addressOfRecord: String
    /// Contacts of the phones that are registered here.
    package var contacts: [String]
    package var publications: [PublicationReport]
    package var sources: [Source]
    /// What whoever may see everything is shown; nil when nobody looks and nothing is known.
    package var presence: PresenceReport?
    /// Whether the user has rules for watchers; without, the default for strangers decides.
    package var hasRules: Bool
    /// Who watches, and whom the user watches.
    package var subscriptions: SubscriptionsReport
}
