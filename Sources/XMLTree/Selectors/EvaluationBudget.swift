/// How much work is done for an expression that a peer sent before it is given up.
///
/// Expressions are short and documents small, but the product of both with the number of expressions is not.
package struct EvaluationBudget: Hashable, Sendable {
    private var left: Int

    /// - Parameter steps: about how many nodes may be looked at; each costs some tens of nanoseconds.
    package init(steps: Int) { left = steps }

    /// - Returns: false once it is used up.
    package mutating func spend(_ steps: Int = 1) -> Bool {
        left -= min(steps, left)
        return left > 0
    }
}
