import XMLTree

/// What an include, an exclude or a trigger is about: the restricted XPath of RFC 4661 §5.
struct FilterExpression: Hashable, Sendable {
    struct Step: Hashable, Sendable {
        /// Whether it goes to any level below (`//`) or to children.
        var descends: Bool
        /// Nil is the wildcard `*`.
        var name: XMLName?
        var condition: FilterCondition?
    }

    /// From the document itself on; never empty.
    var steps: [Step]
    /// Nil selects the elements of the last step.
    var attribute: XMLName?
}
