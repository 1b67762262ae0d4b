/// Subscriptions at a node, in the order in which they came.
package struct SubscriptionsReport: Codable, Hashable, Sendable {
    /// The first of them.
    package var subscriptions: [SubscriptionReport]
    /// How many there are.
    package var total: Int

    /// How many one reply tells of.
    package static let maximum = 1_000
}
