/// Why a node can't start with what it was given: what is wrong, and what would be right.
package struct NodeConfigurationError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
