import XMLTree

/// What a subscriber's filters may cost.
package enum FilterLimits {
    /// Of the body of a SUBSCRIBE.
    package static let document = XMLLimits(size: 16 << 10, depth: 16)
    /// Of a subscription, disabled ones included.
    static let filters = 32
    /// In one filter: expressions to include, to exclude and in triggers together.
    static let expressions = 64
    /// The longest expression, in bytes, and its parts.
    static let expression = 1024
    static let steps = 32
    static let comparisons = 16
    /// About how many nodes may be looked at for one notification.
    static let work = 200_000
}
