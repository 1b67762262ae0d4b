/// Why a running node had to give up.
package struct NodeFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
