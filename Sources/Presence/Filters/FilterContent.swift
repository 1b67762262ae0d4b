import XMLTree

/// What a filter lets through: its `<what>` (RFC 4661 §3.5).
struct FilterContent: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case expression(FilterExpression)
        /// What is in a namespace.
        case namespace(String)
    }

    var includes: [Part]
    var excludes: [Part]
}
